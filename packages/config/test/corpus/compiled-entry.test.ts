import fc from "fast-check";
import { expect, it } from "vitest";
import {
  encodeValue,
  SlotTable,
  compileTruth,
  compileValue,
  isFault,
  type PyValue,
} from "../../src/invariants/index.ts";
import { loadCorpus } from "../../src/corpora.ts";
import type { CompiledEntry } from "../../src/corpus/compiled-entry.ts";
import { sameValue } from "../../src/corpus/same-value.ts";
import { poolOf } from "../../src/corpus/explain/pool.ts";
import { decodeValue } from "../../src/invariants/index.ts";
import { said } from "./support.ts";

const SEED = 20_261_122;
const WILD: readonly unknown[] = ["x", "", 0, 1, -1, true, null, [], [1, ""], { a: 1 }, { $py: "float", value: "nan" }];

/** What the rules say when each is evaluated on its own, on a frame of the whole configuration. */
function plainly(
  entry: CompiledEntry,
  declared: ReadonlyMap<string, PyValue>,
  facts: ReadonlyMap<string, PyValue>,
): string {
  const { model, domains } = entry;
  const unknownKeys = [...declared.keys()].filter(
    (name) => !model.parameters.has(name) && model.unknownKeys === "reject",
  );
  const missing = model.required.filter((name) => !declared.has(name));
  const fired = [...unknownKeys.map(() => "unknown-key:error"), ...missing.map(() => "missing-key:error")];
  let abstained = 0;
  for (const { id, when, severity } of model.rules) {
    const slots = new SlotTable();
    const truth = compileTruth(when, { slots, domains });
    const outcome = truth(slots.frame({ declared, defaults: model.defaults, facts }));
    if (typeof outcome === "object" && outcome.type === "unknown") abstained += 1;
    else if (outcome !== false) fired.push(`${id.split(".").at(-1)}:${outcome === true ? severity : "error"}`);
  }
  const refused = fired.some((rule) => rule.endsWith(":error"));
  const changes = [...declared].flatMap(([name, given]) => {
    const expr = model.effective.get(name);
    if (refused || expr === undefined) return [];
    const slots = new SlotTable();
    const code = compileValue(expr, { slots, domains });
    const value = code(slots.frame({ declared, defaults: model.defaults, facts }));
    return isFault(value) || sameValue(value, given) ? [] : [`${name}=${JSON.stringify(encodeValue(value))}`];
  });
  const severity = ["error", "warn", "dormant"].find((each) => fired.some((rule) => rule.endsWith(`:${each}`)));
  const verdict = severity ?? (changes.length > 0 ? "dormant" : "ok");
  return [verdict, ...fired, ...changes, ...(abstained > 0 ? [`?${abstained}`] : [])].join(" ");
}

it.each([
  ["transformers", "transformers.GenerationConfig"],
  ["transformers", "transformers.BitsAndBytesConfig"],
  ["transformers", "transformers.GPTQConfig"],
  ["vllm", "vllm.SamplingParams"],
  ["vllm", "vllm.sampling_params.StructuredOutputsParams"],
] as const)(
  "of %s, what %s says does not depend on the index, the order or what was asked before",
  async (engine, name) => {
    const found = await loadCorpus(engine);
    const entry = found.status === "missing" ? undefined : found.rules.entry(name);
    if (found.status === "missing" || entry === undefined) throw new Error(`no rules of ${name}`);
    const facts = new Map(
      Object.entries(found.rules.corpus.profiles["cpu"]?.facts ?? {}).map(([fact, value]) => [
        fact,
        decodeValue(value),
      ]),
    );
    const values = (field: string): readonly PyValue[] => [
      ...WILD.map((value) => decodeValue(value)),
      ...poolOf(field, entry.model.rules, () => undefined),
    ];
    const keyword = fc
      .constantFrom(...entry.model.parameters, "no_such_keyword")
      .chain((field) => fc.tuple(fc.constant(field), fc.constantFrom(...values(field))));
    fc.assert(
      fc.property(fc.array(keyword, { maxLength: 5 }), (keywords) => {
        const declared = new Map(keywords);
        expect(said(entry.judge(declared, "cpu"))).toBe(plainly(entry, declared, facts));
      }),
      { seed: SEED, numRuns: 300 },
    );
  },
);
