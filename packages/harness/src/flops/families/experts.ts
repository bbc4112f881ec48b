import type { ConfigFields } from "../config-fields.ts";
import { gatedMlp, linear, type ExpertsShape, type LinearMap } from "../shape.ts";

/** The keys and defaults of a family's mixture of experts. */
export interface ExpertsRule {
  readonly countKeys: readonly string[];
  readonly count: number;
  readonly active: number;
  /** Inner width of one expert; without a key of its own it is `intermediate_size`. */
  readonly inner?: { readonly key: string; readonly fallback: number };
  /** Default of `shared_expert_intermediate_size`: an expert that every token goes through, behind a gate of one value. */
  readonly sharedInner?: number;
  /** `decoder_sparse_step` and `mlp_only_layers` leave some layers dense. */
  readonly denseLayers: boolean;
}

/** The experts of a model, and which of its layers have them. */
export interface Experts {
  readonly shape: ExpertsShape;
  /** Maps of the shared expert, run for every token. */
  readonly shared: readonly LinearMap[];
  isSparse(layer: number): boolean;
}

/** Reads the mixture of experts of a model. */
export function expertsOf(
  fields: ConfigFields,
  { hidden, inner, rule }: { readonly hidden: number; readonly inner: number; readonly rule: ExpertsRule },
): Experts {
  const count = fields.wholeNumber(rule.countKeys, rule.count);
  const width = rule.inner === undefined ? inner : fields.count(rule.inner.key, rule.inner.fallback);
  const active = fields.count("num_experts_per_tok", rule.active);
  return {
    shape: { count, active, router: linear(hidden, count), maps: gatedMlp(hidden, width) },
    shared: sharedExpert(fields, hidden, rule),
    isSparse: count === 0 ? () => false : sparseLayers(fields, rule),
  };
}

function sharedExpert(fields: ConfigFields, hidden: number, rule: ExpertsRule): readonly LinearMap[] {
  if (rule.sharedInner === undefined) return [];
  const inner = fields.count("shared_expert_intermediate_size", rule.sharedInner);
  return [...gatedMlp(hidden, inner), linear(hidden, 1)];
}

function sparseLayers(fields: ConfigFields, rule: ExpertsRule): (layer: number) => boolean {
  if (!rule.denseLayers) return () => true;
  const step = fields.count("decoder_sparse_step", 1);
  const dense = fields.list("mlp_only_layers") ?? [];
  return (layer) => !dense.includes(layer) && (layer + 1) % step === 0;
}
