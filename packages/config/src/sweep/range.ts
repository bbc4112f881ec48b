import { problemAt, type Problem } from "../problem.ts";
import { entryOf, type Located, type MapNode, type Mark, type Path, type ScalarNode } from "../yaml/located.ts";

/** The values of an axis, or why there are none. */
export type AxisValues = { readonly values: readonly Located[] } | { readonly problem: Problem };

/** Significant digits that a value of a range keeps: more are noise of the arithmetic. */
const DIGITS = 12;

/** More values in one axis are a mistake. */
const MOST = 100_000;

interface Bounds {
  readonly min: ScalarNode;
  readonly max: ScalarNode;
}

/** Reads an axis: a list, `{values}`, or a range. Its shape is known to be right, its bounds are not. */
export function axisValues(axis: Located, path: Path): AxisValues {
  if (axis.kind === "list") return { values: axis.items };
  const listed = entryOf(axis, "values")?.value;
  const range = ["min", "max", "num", "step"].find((key) => entryOf(axis, key) !== undefined);
  if (listed !== undefined && range !== undefined)
    return conflict(axis.mark, path, `values and ${range} exclude one another`, "keep the list, or the range");
  if (listed?.kind === "list") return { values: listed.items };
  const bounds = { min: entryOf(axis, "min")?.value, max: entryOf(axis, "max")?.value };
  if (axis.kind !== "map" || !areBounds(bounds))
    return conflict(axis.mark, path, "an axis needs values, or min and max", "for example {min: 1, max: 64, num: 4}");
  return rangeValues(axis, bounds, path);
}

const areBounds = (bounds: { readonly [K in keyof Bounds]: Located | undefined }): bounds is Bounds =>
  [bounds.min, bounds.max].every((node) => node?.kind === "scalar" && typeof node.value === "number");

function rangeValues(axis: MapNode, { min, max }: Bounds, path: Path): AxisValues {
  const low = Number(min.value);
  const high = Number(max.value);
  const refuse = (message: string, hint: string): AxisValues => conflict(axis.mark, path, message, hint);
  if (low > high) return refuse(`min (${low}) is above max (${high})`, "swap the two");
  const numbers = numbersOf(axis, low, high);
  if (typeof numbers === "string") return refuse(numbers, "see docs/studies.md for the forms of a range");
  const integers = !min.float && !max.float;
  const rounded = numbers.map((value) => (integers ? Math.round(value) : Number(value.toPrecision(DIGITS))));
  const values = [...new Set(rounded)].map((value) => ({ ...min, value, float: !integers, mark: axis.mark }));
  return { values };
}

/** The numbers of a range, or what is wrong with it. */
function numbersOf(axis: MapNode, min: number, max: number): readonly number[] | string {
  const given = (key: string): number | undefined => {
    const node = entryOf(axis, key)?.value;
    return node?.kind === "scalar" && typeof node.value === "number" ? node.value : undefined;
  };
  const num = given("num");
  const step = given("step");
  const scale = scaleOf(axis);
  if (scale !== "linear" && min <= 0) return `a range with scale: ${scale} needs a min above 0`;
  if (scale === "pow2") return num === undefined && step === undefined ? powers(min, max) : "powers of two need no num";
  if (step !== undefined) {
    if (num !== undefined || scale === "log") return "step goes with min and max only";
    return (max - min) / step > MOST ? `more than ${MOST} values` : steps(min, max, step);
  }
  if (num === undefined) return "a range needs num, step, or scale: pow2";
  return scale === "log" ? spaced(Math.log(min), Math.log(max), num).map(Math.exp) : spaced(min, max, num);
}

function scaleOf(axis: MapNode): string {
  const node = entryOf(axis, "scale")?.value;
  return node?.kind === "scalar" ? String(node.value) : "linear";
}

const spaced = (min: number, max: number, num: number): readonly number[] =>
  num === 1 ? [min] : Array.from({ length: num }, (_, index) => min + ((max - min) * index) / (num - 1));

/** A last step that misses the upper bound by rounding only still counts. */
const steps = (min: number, max: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((max - min) / step + 1e-9) + 1 }, (_, index) => min + index * step);

function powers(min: number, max: number): readonly number[] {
  const first = Math.ceil(Math.log2(min) - 1e-12);
  const last = Math.floor(Math.log2(max) + 1e-12);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => 2 ** (first + index));
}

const conflict = (mark: Mark, path: Path, message: string, hint: string): AxisValues => ({
  problem: problemAt(mark, { code: "config.conflict", path, message, hint }),
});
