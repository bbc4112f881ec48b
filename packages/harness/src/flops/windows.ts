import { wrong, type ConfigFields } from "./config-fields.ts";

/** How the config class of a family chooses the layers that slide when `layer_types` is left out. */
export type WindowRule =
  /** No layer slides. */
  | { readonly kind: "none" }
  /** All layers slide when `sliding_window` is a number. */
  | { readonly kind: "all"; readonly window: number | null }
  /** With `use_sliding_window`, the layers from `max_window_layers` on. */
  | { readonly kind: "from-max-window-layers"; readonly window: number | null; readonly from: number }
  /** With `use_sliding_window`, all layers. */
  | { readonly kind: "all-if-used"; readonly window: number | null }
  /** With `use_sliding_window`, every second layer below `max_window_layers`. */
  | { readonly kind: "even-before-max-window-layers"; readonly window: number; readonly before: number }
  /** All but every n-th layer. */
  | { readonly kind: "all-but-every"; readonly window: number; readonly every: number };

/** The window of each layer in keys, `null` for full attention. @throws LemError `flops.unknown-shape` */
export function layerWindows(fields: ConfigFields, layers: number, rule: WindowRule): readonly (number | null)[] {
  if (rule.kind === "none") return Array<null>(layers).fill(null);
  const window = windowOf(fields, rule);
  const slides = writtenTypes(fields, layers) ?? Array.from({ length: layers }, slidingByRule(fields, rule));
  return slides.map((sliding) => (sliding ? window : null));
}

function windowOf(fields: ConfigFields, rule: SlidingRule): number | null {
  const unconditional = rule.kind === "all" || rule.kind === "all-but-every";
  if (!unconditional && !fields.flag("use_sliding_window", false)) return null;
  return fields.isWritten("sliding_window") ? fields.countOrNull("sliding_window") : rule.window;
}

type SlidingRule = Exclude<WindowRule, { readonly kind: "none" }>;

function slidingByRule(fields: ConfigFields, rule: SlidingRule): (_: unknown, layer: number) => boolean {
  if (rule.kind === "all" || rule.kind === "all-if-used") return () => true;
  if (rule.kind === "all-but-every") {
    const every = fields.count("sliding_window_pattern", rule.every);
    return (_, layer) => (layer + 1) % every !== 0;
  }
  if (rule.kind === "from-max-window-layers") {
    const from = fields.wholeNumber("max_window_layers", rule.from);
    return (_, layer) => layer >= from;
  }
  const before = fields.wholeNumber("max_window_layers", rule.before);
  return (_, layer) => layer % 2 === 0 && layer < before;
}

function writtenTypes(fields: ConfigFields, layers: number): readonly boolean[] | null {
  const types = fields.list("layer_types");
  if (types === null) return null;
  const known = types.every((type) => type === "sliding_attention" || type === "full_attention");
  if (!known || types.length < layers)
    throw wrong("layer_types", types, `full_attention or sliding_attention for each of ${layers} layers`);
  return types.map((type) => type === "sliding_attention");
}
