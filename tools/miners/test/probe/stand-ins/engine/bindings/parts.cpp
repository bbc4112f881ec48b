#include "parts.h"

namespace extension::parts
{

void initParts(nb::module_& parts)
{
    auto pyBase = nb::class_<Base>(parts, "Base");
    nb::enum_<Base::Kind>(pyBase, "Kind").value("ONE", Base::Kind::kONE);
    pyBase.def(nb::init<>()).def_ro("kind", &Base::kind);

    nb::class_<Derived, Base>(parts, "Derived").def("count", &Derived::count);
    nb::exception<Failure>(parts, "Failure");
    parts.def("make", &make, nb::arg("size"));
}

void unused(nb::module_& m)
{
    nb::class_<Never>(m, "Never");
}

} // namespace extension::parts
