// nb::class_<Commented>(m, "Commented")
#include "parts.h"
#define NB_LOOKS_LIKE nb::class_<A>(m, "Macro")

namespace nb = nanobind;
namespace ex = extension::parts;

NB_MODULE(EXTENSION, m)
{
    m.doc() = "nb::class_<Quoted>(m, \"Quoted\")";
    auto mParts = m.def_submodule("parts", "Parts");
    nb::enum_<ex::Level>(m, "Level").value("MILD", ex::Level::kMILD).value("HOT", ex::Level::kHOT).export_values();

    auto limitsGetstate = [](ex::Limits const& self) { return nb::make_tuple(self.getLow(), self.getHigh()); };
    nb::class_<ex::Limits>(m, "Limits")
        .def(nb::init<int, std::optional<std::vector<int>> const&>(), nb::arg("low") = ex::Limits::kLOW,
            nb::arg("high"), nb::kw_only(), nb::arg("label") = std::string{"x, y"})
        .def_prop_rw("low", &ex::Limits::getLow, &ex::Limits::setLow)
        .def_prop_rw("high", &ex::Limits::getHigh, [](ex::Limits& self, int to) { self.set("high", to); })
        .def_rw("label", &ex::Limits::label)
        .def_static("usual_low", []() { return ex::Limits::kLOW; })
        .def("__getstate__", limitsGetstate);

    auto info = m.def_submodule("info");
    info.attr("BUILT_WITH") = nb::int_(3);
    info.attr("SECRET") = secret();
    ex::initParts(mParts);
}
