import { canonicalJson } from "@lem/domain";
import { decodeValue, encodeValue, evaluate, evaluateValue, isFault, type Expr } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import { liftCore } from "../../src/lift/core.ts";
import { liftEntry, type EntryLift } from "../../src/lift/lift-entry.ts";
import type { EntryDescription } from "../../src/probe/description.ts";
import type { ProbeAnswer, Tagged } from "../../src/probe/protocol.ts";
import { installedEngine } from "../installed-engine.ts";
import { construct, openToy, stagesOf, toyTransport } from "../probe/toy.ts";

const ENTRY = "toy.typed.Typed";
const installed = installedEngine("transformers");

const tagged = (type: string, value: unknown): Tagged => ({ $py: type, value });
const float = (text: string): Tagged => tagged("float", text);
const member = (name: string, value: Tagged): Tagged => {
  const cls = "toy.typed.Color";
  return tagged("object", { class: cls, mro: [cls, "enum.Enum", "object"], attributes: { name, value } });
};
const FLOATS = ["0.0", "1.0", "0.5", "2.0", "-1.0", "2.5", "1e+30", "9.223372036854775e+18", "nan", "inf", "-inf"];
const NUMBER_TEXTS = [
  "5",
  " 5 ",
  "+5",
  "-5",
  "5.0",
  "5.",
  ".5",
  "5_0.0",
  "1_000",
  "1__0",
  "1e3",
  "1_0e1_0",
  "nan",
  "+Inf",
];
const TEXTS = ["", "a", "b", "x", "ab", "abcde", "true", "TRUE", "Off", " on", "infinity", "None", "blue", "A1"];
const NUMBERS = [null, true, false, 0, 1, 2, 3, 10, -1, -4, 100, tagged("int", "100000000000000000000")];
const SCALARS: readonly Tagged[] = [
  ...NUMBERS,
  ...FLOATS.map(float),
  ...NUMBER_TEXTS,
  ...TEXTS,
  tagged("bytes", "YQ=="),
];
/** No configuration file can hold these. */
const MEMBERS = [member("RED", 1), member("BLUE", "blue")];
const FLAT = [[], [1], [1, 2], [1, "a"], ["a"], ["a", "b"], ["1"], ["a", "b", "c"], [null], [true]];
const NESTED = [[[1]], [[null, true], ["yes"]], [float("1.0")], [float("1.5")], [{}]];
const DICTS = [{}, { a: 1 }, { a: "b" }, { a: "1" }, tagged("dict", [[1, 2]])];
const TUPLES = [[], [1], [1, "a"], ["a", 1], [1, "a", 2], [true, true]].map((items) => tagged("tuple", items));
const SETS = [tagged("set", [1, 2]), tagged("set", ["a"]), tagged("frozenset", [1]), tagged("set", [])];
const CONTAINERS: readonly Tagged[] = [...FLAT, ...NESTED, ...DICTS, ...TUPLES, ...SETS];

interface Case {
  readonly field: string;
  readonly value: Tagged;
}

const casesOf = ({ parameters }: EntryLift): readonly Case[] =>
  parameters.flatMap(({ name }) =>
    [...SCALARS, ...CONTAINERS, ...(name === "color" ? MEMBERS : [])].map((value) => ({ field: name, value })),
  );

const inputOf = ({ field, value }: Case) => ({ declared: new Map([[field, decodeValue(value)]]) });

/** Error types that are certain, and those that are left open. */
function foreseen(
  { core }: EntryDescription,
  each: Case,
): { readonly certain: readonly string[]; readonly open: readonly string[] } {
  const field = core?.fields.find(({ name }) => name === each.field);
  const of: Expr = { op: "field", path: each.field };
  const errors =
    field === undefined ? [] : liftCore(field.schema, { of, strict: core?.strict ?? false, depth: 0 }).errors;
  const verdicts = [...errors].map(([type, when]) => [type, evaluate(when, inputOf(each)).result] as const);
  expect(verdicts.filter(([, result]) => result === "raises")).toEqual([]);
  const those = (result: string) => verdicts.filter(([, found]) => found === result).map(([type]) => type);
  return { certain: those("true"), open: those("unknown") };
}

function seenErrors(answer: ProbeAnswer, field: string): readonly string[] {
  const items = stagesOf(answer)[0]?.exception?.items ?? [];
  return [...new Set(items.filter(({ loc }) => loc[0] === field).map(({ type }) => type))];
}

async function lifted(entry: string) {
  const probe = await openToy({ transport: toyTransport(installed?.python) });
  const [description] = await probe.describe([entry]);
  expect(description?.kind).toBe("described");
  return { probe, lift: liftEntry(description as EntryDescription), description: description as EntryDescription };
}

const show = ({ field, value }: Case): string => `${field} = ${JSON.stringify(value)}`;

describe.skipIf(installed === undefined)("lifts from pydantic", () => {
  it("foresee every error item of every type, and no other [needs python3]", async () => {
    const { probe, lift, description } = await lifted(ENTRY);
    const cases = casesOf(lift);
    expect(cases.length).toBeGreaterThan(2500);
    const answers = await probe.run(cases.map(({ field, value }, id) => construct(ENTRY, { [field]: value }, id)));
    const wrong: string[] = [];
    let open = 0;
    for (const [index, each] of cases.entries()) {
      const seen = seenErrors(answers[index] as ProbeAnswer, each.field);
      const expected = foreseen(description, each);
      open += Number(expected.open.length > 0);
      const explained = [...expected.certain, ...expected.open];
      const missed = explained.includes("value_error") ? [] : seen.filter((type) => !explained.includes(type));
      const invented = expected.certain.filter((type) => !seen.includes(type));
      if (missed.length + invented.length > 0)
        wrong.push(`${show(each)}: missed ${missed.join()} invented ${invented.join()}`);
    }
    expect(wrong).toEqual([]);
    expect(open / cases.length).toBeLessThan(0.05);
  }, 60_000);

  it("foresee what is no object of a model inside, and a dict's keys [needs python3]", async () => {
    const { probe, lift, description } = await lifted("toy.typed.Holder");
    const keys = [
      {},
      { must: 1 },
      { must: 1, other: 2 },
      { must: 1, x: 2 },
      { renamed: 1 },
      { name: "a" },
      { word: "a" },
      { length: 2 },
      { size: 2 },
    ];
    const values: readonly Tagged[] = [...keys, null, 1, "x", [], [{}], [{ name: "a" }], float("1.0"), [1]];
    const cases = lift.parameters.flatMap(({ name }) => values.map((value) => ({ field: name, value })));
    const answers = await probe.run(
      cases.map(({ field, value }, id) => construct("toy.typed.Holder", { [field]: value }, id)),
    );
    const wrong = cases.flatMap((each, at) => {
      const seen = seenErrors(answers[at] as ProbeAnswer, each.field);
      const { certain, open } = foreseen(description, each);
      const missed = seen.filter(
        (type) => !certain.includes(type) && !open.includes(type) && !open.includes("value_error"),
      );
      const invented = certain.filter((type) => !seen.includes(type));
      return missed.length + invented.length === 0
        ? []
        : [`${show(each)}: missed ${missed.join()} invented ${invented.join()}`];
    });
    expect(wrong).toEqual([]);
    expect(lift.candidates.map(({ place }) => (place.kind === "lift" ? place.errorType : ""))).toEqual(
      expect.arrayContaining(["model_type", "list_type|model_type", "extra_forbidden", "missing"]),
    );
  });

  it("foresee the value that the class finds, or leave it open [needs python3]", async () => {
    const { probe, lift } = await lifted(ENTRY);
    const cases = casesOf(lift);
    const answers = await probe.run(cases.map(({ field, value }, id) => construct(ENTRY, { [field]: value }, id)));
    const wrong: string[] = [];
    const counts = { told: 0, open: 0, changed: 0 };
    for (const [index, each] of cases.entries()) {
      const [stage] = stagesOf(answers[index] as ProbeAnswer);
      if (stage?.outcome !== "returned") continue;
      const unchanged: Expr = { op: "field", path: each.field };
      const made = evaluateValue(lift.values[each.field] ?? unchanged, inputOf(each));
      const change = lift.candidates.find(
        ({ place, outcome }) => place.kind === "lift" && place.field === each.field && outcome.kind === "normalise",
      );
      const differs = canonicalJson(stage.state[each.field]) !== canonicalJson(each.value);
      const says = change === undefined ? "false" : evaluate(change.when, inputOf(each)).result;
      if (says !== "unknown" && (says === "true") !== differs) wrong.push(`${show(each)}: change ${says}`);
      if (isFault(made)) counts.open += 1;
      else counts.told += 1;
      counts.changed += Number(differs);
      if (isFault(made) || canonicalJson(encodeValue(made)) === canonicalJson(stage.state[each.field])) continue;
      wrong.push(`${show(each)}: ${JSON.stringify(encodeValue(made))} is ${JSON.stringify(stage.state[each.field])}`);
    }
    expect(wrong).toEqual([]);
    expect(counts.changed).toBeGreaterThan(100);
    expect(counts.open).toBeLessThan(counts.told / 2);
  }, 60_000);

  it("know a field by all of its names, and hold the first one to its type [needs python3]", async () => {
    const { probe, lift } = await lifted("toy.typed.Renamed");
    expect(lift.parameters.map(({ name }) => name)).toEqual(["size", "length"]);
    const given = [{ size: 1 }, { size: "x" }, { length: 2 }, { length: "x" }, { size: "x", length: 1 }, { other: 1 }];
    const answers = await probe.run(given.map((keywords, id) => construct("toy.typed.Renamed", keywords, id)));
    const seen = answers.map((answer) => stagesOf(answer)[0]?.exception?.items.map(({ type }) => type) ?? []);
    const both = ["int_parsing", "extra_forbidden"];
    expect(seen).toEqual([[], ["int_parsing"], [], ["int_parsing"], both, ["extra_forbidden"]]);
    const refusals = lift.candidates.filter(({ outcome }) => outcome.kind === "error");
    const foretold = given.map((keywords) => {
      const declared = new Map(Object.entries(keywords).map(([name, value]) => [name, decodeValue(value)]));
      return refusals.flatMap(({ when, place }) => {
        if (place.kind !== "lift" || evaluate(when, { declared }).result !== "true") return [];
        return [`${place.field} ${place.errorType.split("|").at(-1)}`];
      });
    });
    const size = ["size int_parsing"];
    expect(foretold).toEqual([[], size, [], ["length int_parsing"], [...size, "length extra_forbidden"], []]);
  });

  it("know aliases, required fields, forbidden keys and the place of a validator's refusal [needs python3]", async () => {
    const { probe, lift } = await lifted("toy.typed.Model");
    expect(lift.unknownKeys).toBe("reject");
    expect(lift.parameters.map(({ name, default: usual }) => [name, usual === undefined])).toEqual([
      ["must", true],
      ["other", false],
      ["after", false],
    ]);
    const told = lift.candidates.filter(({ outcome }) => outcome.kind === "error").map(({ place }) => place);
    expect(told).toContainEqual({ kind: "lift", field: "other", errorType: "greater_than_equal" });
    const own = lift.candidates.filter(({ place }) => place.kind === "lift" && place.field === "renamed");
    expect(own.map(({ when, place }) => ({ when, place }))).toEqual([
      {
        when: { op: "isSet", path: "renamed" },
        place: { kind: "lift", field: "renamed", errorType: "extra_forbidden" },
      },
    ]);
    const requests = [
      { must: 1, after: 11 },
      { must: 1, renamed: 1 },
    ];
    const [answer, byName] = await probe.run(requests.map((given, id) => construct("toy.typed.Model", given, id)));
    expect(stagesOf(byName)[0]?.exception?.items).toMatchObject([{ loc: ["renamed"], type: "extra_forbidden" }]);
    const [item] = stagesOf(answer)[0]?.exception?.items ?? [];
    expect(item).toMatchObject({ loc: ["after"], type: "value_error", frames: [{ qualname: "Model.check_after" }] });
  });
});
