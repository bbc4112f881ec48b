import { readFile } from "node:fs/promises";
import { Bed } from "./native.js";
import { padded } from "./padded.js";
const defaultCopies = 2;
export async function openPress(speed = 3) {
    return new Press(speed);
}
export class Press {
    _speed;
    _addon = { Bed };
    constructor(speed) {
        this._speed = speed;
    }
    get speed() {
        return this._speed;
    }
    async print(options = {}) {
        const sheet = await Sheet._create(options, { _press: this });
        if (options.jam === true)
            this._speed = Number.NaN;
        return sheet;
    }
}
export class Sheet {
    _copies;
    constructor({ copies, ink, margins: { left = 1, right = left } = {} }, { _press }) {
        this._copies = copies;
        this._bed = new _press._addon.Bed(_press, dropNulls({ copies, ink, left, right }));
    }
    get copies() {
        return this._copies;
    }
    static async _create(options, { _press }) {
        if (typeof options.font === "string")
            await readFile(options.font);
        if (options.pages != null)
            for (const { from } of options.pages)
                if (typeof from !== "number")
                    throw new TypeError("a page is a number");
        if (options.width != null)
            widest(options.width);
        const copies = Math.max(1, Math.floor(options.copies ?? defaultCopies));
        if (options.paper == null || options.paper === "auto")
            return await within([_press], () => new Sheet({ ...options, copies }, { _press }));
        if (typeof options.paper === "number") {
            if (padded(options.paper) > 512 * _press.speed)
                throw new RangeError("too large");
            return new Sheet({ ...options, copies }, { _press });
        }
        if (options.paper === "burning")
            process.abort();
        throw new Error(`no such paper: ${options.paper}`);
    }
}
function widest({ min, max }) {
    let found = null;
    for (let width = max; width >= min && width <= max;) {
        if (found == null || width > found) {
            found = width;
            if (width === max)
                break;
        }
        width -= 1;
    }
    if (found == null)
        throw new Error("nothing is that wide");
}
async function within(locks, work) {
    return await work();
}
function dropNulls(object) {
    const copy = Object.assign({}, object);
    for (const key in object) {
        if (copy[key] == null)
            delete copy[key];
    }
    return copy;
}
