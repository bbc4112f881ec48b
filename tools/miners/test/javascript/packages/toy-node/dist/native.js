// Stands in for what an addon does: the same demands as in addon/Bed.cpp.
export class Bed {
    constructor(press, options) {
        demand(options, "copies", "number");
        if (Number.isNaN(options.copies))
            throw new RangeError("That many copies cannot be counted");
        demand(options, "ink", "string");
        if ("left" in options)
            demand(options, "right", "number");
    }
}
function demand(options, name, type) {
    if (name in options && typeof options[name] !== type)
        throw new TypeError(`A ${type} was expected`);
}
