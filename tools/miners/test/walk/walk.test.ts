import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compileTruth,
  compileValue,
  decodeValue,
  encodeValue,
  isFault,
  printPredicate,
  SlotTable,
} from "@lem/config/invariants";
import { beforeAll, describe, expect, it } from "vitest";
import type { EntryModel } from "../../src/candidates/candidate.ts";
import { survey, type Survey } from "../../src/take-ledger.ts";
import { NO_ENGINE } from "../../src/walk/ground-book.ts";
import { walkEntry } from "../../src/walk/walk-entry.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

const SOURCE = readFileSync(join(import.meta.dirname, "settings.py"), "utf8");
const ENTRIES = ["Keywords", "Child", "Early", "Colours"];
let surveyed: Survey;

beforeAll(async () => {
  const target = {
    ...fixtureTarget("fixture.Keywords"),
    classes: ENTRIES.map((name) => ({ name: `fixture.${name}`, calls: [] })),
  };
  surveyed = await survey(memoryTree({ "fixture/__init__.py": SOURCE }), target);
});

async function modelOf(entry: string): Promise<EntryModel> {
  const model = await walkEntry(surveyed, { name: `fixture.${entry}`, calls: [] }, NO_ENGINE);
  if (model === undefined) throw new Error(`no class ${entry}`);
  return model;
}

const float = (value: string): unknown => ({ $py: "float", value });
const PLAIN: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  2,
  7,
  -3,
  65,
  "",
  "x",
  "on",
  "off",
  "auto",
  "exact",
  "slow",
];
const FLOATS = ["0.5", "1.0", "nan", "inf", "-2.5"].map(float);
const CONTAINERS: readonly unknown[] = [[], [1, 2, 3], ["a", "a"], ["", "b"], [[]], { $py: "tuple", value: [1] }];
const MAPPINGS: readonly unknown[] = [{}, { depth: 65 }, { depth: "9" }, { words: [""] }, { other: 1 }, { words: 3 }];
const WILD: readonly unknown[] = PLAIN.concat(["none", "_a"], FLOATS, CONTAINERS, MAPPINGS);
const MORE = ["streamer", "model", "other"];

/** Draws that are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

interface Drawn {
  readonly keywords: Readonly<Record<string, unknown>>;
}

function draw({ entry, parameters }: EntryModel, count: number): readonly Drawn[] {
  const next = random(20_261_122);
  const names = [...parameters.map(({ name }) => name), ...(entry.endsWith("Keywords") ? MORE : [])];
  const needed = parameters.filter(({ default: usual }) => usual === undefined).map(({ name }) => name);
  return Array.from({ length: count }, () => {
    const chosen = needed.concat(Array.from({ length: next(4) }, () => names[next(names.length)] ?? ""));
    return { keywords: Object.fromEntries(chosen.map((name) => [name, WILD[next(WILD.length)]])) };
  });
}

interface Truth {
  readonly error: string | null;
  readonly warned: boolean;
  readonly changed: Readonly<Record<string, string>>;
}

function tried(entry: string, drawn: readonly Drawn[]): readonly Truth[] {
  const input = drawn.map(({ keywords }) => JSON.stringify({ entry, keywords, strict: null })).join("\n");
  const script = join(import.meta.dirname, "try_settings.py");
  const { stdout } = spawnSync("python3", [script, "settings"], {
    input,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: import.meta.dirname },
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Truth);
}

/** What the candidates say of each configuration. */
function predicted(model: EntryModel, drawn: readonly Drawn[]) {
  const slots = new SlotTable();
  const rules = model.candidates.map((candidate) => ({ candidate, code: compileTruth(candidate.when, { slots }) }));
  const values = Object.entries(model.effective).map(([name, expr]) => [name, compileValue(expr, { slots })] as const);
  const defaults = new Map(
    model.parameters.flatMap(({ name, default: usual }) =>
      usual?.op === "const" ? [[name, usual.value] as const] : [],
    ),
  );
  return drawn.map(({ keywords }) => {
    const declared = new Map(Object.entries(keywords).map(([name, value]) => [name, decodeValue(value)]));
    const frame = slots.frame({ declared, defaults });
    const found = { refused: false, warned: false, open: false, changed: new Map<string, unknown>() };
    for (const { candidate, code } of rules) {
      const truth = code(frame);
      if (typeof truth === "object") {
        if (truth.type === "raises") found.refused = true;
        else found.open = true;
      } else if (truth && candidate.outcome.kind === "error") found.refused = true;
      else if (truth && candidate.outcome.kind === "warn") found.warned = true;
    }
    for (const [name, code] of values) {
      const given = declared.get(name);
      const value = code(frame);
      if (given === undefined || isFault(value)) continue;
      if (JSON.stringify(encodeValue(value)) !== JSON.stringify(encodeValue(given))) found.changed.set(name, value);
    }
    return found;
  });
}

describe("the walk against CPython [needs python3]", () => {
  it.each(ENTRIES)("tells what %s refuses, warns about and changes", async (entry) => {
    const model = await modelOf(entry);
    const drawn = draw(model, 1500);
    const truths = tried(entry, drawn);
    const guesses = predicted(model, drawn);
    const wrong = drawn.flatMap(({ keywords }, index) => {
      const [truth, guess] = [truths[index], guesses[index]];
      if (truth === undefined || guess === undefined) return [{ keywords, truth }];
      const isRefusal = (truth.error !== null) !== guess.refused && !(guess.open && truth.error !== null);
      const isWarning = truth.error === null && truth.warned !== guess.warned;
      return isRefusal || isWarning ? [{ keywords, truth, guess }] : [];
    });
    expect(wrong).toEqual([]);
    expect(truths.filter(({ error }) => error !== null).length).toBeGreaterThan(200);
    expect(truths.filter(({ error }) => error === null).length).toBeGreaterThan(80);
    const open = guesses.filter((guess, index) => guess.open && !guess.refused && truths[index]?.error !== null);
    expect(open.length).toBeLessThan(30);
  });
});

describe("what the walk says of a class", () => {
  it("knows parameters with the constructor's defaults, and whether other keywords are taken", async () => {
    const keywords = await modelOf("Keywords");
    expect(keywords.parameters.map(({ name, default: usual }) => [name, usual && printPredicate(usual)])).toEqual([
      ["size", 3],
      ["kind", null],
      ["ratio", { $py: "float", value: "0.5" }],
      ["a_flag", null],
      ["b_flag", false],
      ["note", null],
    ]);
    expect(keywords.unknownKeys).toBe("accept");
    expect((await modelOf("Child")).unknownKeys).toBe("reject");
    expect((await modelOf("Early")).parameters[0]).toEqual({ name: "level", default: undefined });
  });

  it("names each place that notes a finding, not the one that says them all", async () => {
    const { candidates } = await modelOf("Keywords");
    const warnings = candidates.filter(({ outcome }) => outcome.kind === "warn");
    const ratio = warnings.find(({ when }) => JSON.stringify(printPredicate(when)).includes('"isSet":"ratio"'));
    expect(ratio === undefined ? undefined : printPredicate(ratio.when)).toEqual({
      all: [
        { any: [{ is: [{ f: "size" }, null] }, { eq: [{ f: "size" }, 1] }] },
        { ne: [{ f: "ratio" }, { $py: "float", value: "0.5" }] },
        { isSet: "ratio" },
      ],
    });
    expect(warnings.length).toBeGreaterThanOrEqual(3);
  });

  it("folds stores back to the user's input", async () => {
    const { effective } = await modelOf("Child");
    expect(printPredicate(effective["tags"] ?? { op: "const", value: null })).toEqual({ distinct: { f: "tags" } });
    expect(printPredicate(effective["name"] ?? { op: "const", value: null })).toEqual({ lower: { f: "name" } });
  });

  it("has a finding for every site, and no candidate without one", async () => {
    for (const entry of ENTRIES) {
      const { findings, candidates } = await modelOf(entry);
      const sites = surveyed.ledger.sites.filter(({ entries }) => entries.includes(`fixture.${entry}`));
      expect(findings.map(({ site }) => site)).toEqual(sites.map(({ id }) => id));
      const known = new Set(sites.map(({ id }) => id));
      expect(candidates.every(({ place }) => place.kind === "site" && known.has(place.site))).toBe(true);
    }
  });

  it("says the same twice", async () => {
    expect(await modelOf("Keywords")).toEqual(await modelOf("Keywords"));
  });
});
