/** Our nodes without positions and match patterns, as `ast_shape.py` prints CPython's. */
export function shapeOf(value: unknown): unknown {
  if (typeof value === "bigint") return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => key !== "span" && key !== "pattern" && key !== "binds");
  return Object.fromEntries(entries.map(([key, item]) => [key, shapeOf(item)]));
}
