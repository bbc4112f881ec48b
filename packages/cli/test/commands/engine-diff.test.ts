import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { EngineDiff } from "../../src/engine-diff.ts";
import { runCli } from "../../src/run-cli.ts";
import { captureIo } from "../capture-io.ts";

const GENERATION = "transformers.GenerationConfig";

interface Version {
  readonly limit: number;
  readonly parameters: Readonly<Record<string, object>>;
  readonly probedIn?: string;
  readonly profiles?: readonly string[];
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-diff-"));
  version("5.1.0", { limit: 0, parameters: { top_k: { default: 50 }, gone: {} } });
  version("5.2.0", { limit: 8, parameters: { top_k: { default: 40 }, fresh: { default: 1 } }, probedIn: "5.1.0" });
  writeFileSync(
    join(root, "study.yaml"),
    "schema_version: 1\nengine: transformers\nmodel: builtin:tiny\ntransformers:\n  generation:\n    top_k: 4\n",
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** One rule of a real class, with another limit in each version. */
function version(engineVersion: string, { limit, parameters, probedIn, profiles }: Version): void {
  const folder = join(root, "transformers", engineVersion);
  mkdirSync(folder, { recursive: true });
  const which = { schema_version: 1, engine: "transformers", engine_version: engineVersion };
  const rule = {
    id: `${GENERATION}.top_k.error-00000${limit}`,
    severity: "error",
    fields: ["top_k"],
    when: { lt: [{ f: "top_k" }, limit] },
    exception: "ValueError",
    added_by: "static_walk",
    source: { path: "x.py", qualname: "GenerationConfig.validate", line: limit + 1, sha: "" },
    evidence: null,
    ...(profiles === undefined ? {} : { profiles }),
  };
  const entry = { defaults: { top_k: 50 }, required: [], unknown_keys: "accept", effective: {}, rules: [rule] };
  const rules = {
    ...which,
    source_sha256: "",
    validated_sha256: "",
    ...(probedIn === undefined ? {} : { probed_in: probedIn }),
    profiles: { cpu: { facts: {} }, "cuda-sm90": { facts: {} } },
    domains: {},
    sections: { generation: GENERATION },
    entries: { [GENERATION]: entry },
  };
  const described = Object.entries(parameters).map(([name, more]) => [name, { schema: { type: "integer" }, ...more }]);
  const known = { family: "plain", unknown_keys: "accept", parameters: Object.fromEntries(described) };
  writeFileSync(join(folder, "invariants.json"), JSON.stringify(rules));
  writeFileSync(
    join(folder, "classes.json"),
    JSON.stringify({ ...which, classes: { [GENERATION]: known }, unavailable: [] }),
  );
}

async function diff(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ cwd: root, env: { LEM_CORPORA: root, HOME: root } });
  const code = await runCli(["engines", "diff", ...args], io);
  return { code, out: io.out(), err: io.err() };
}

it("tells which rules, parameters and defaults differ", async () => {
  const { code, out } = await diff("transformers", "5.1.0", "5.2.0");
  expect(code).toBe(0);
  for (const said of [
    "rules       0 added, 0 removed, 1 changed, 0 moved, 0 the same",
    "5.2.0 was proven in the environment of 5.1.0",
    "refused where top_k is less than 8",
    "refused where top_k is less than 0",
    `${GENERATION}.fresh`,
    `${GENERATION}.gone`,
  ])
    expect(out).toContain(said);
  expect(out).toMatch(/top_k +50 +40/);
});

it("tells a program the same", async () => {
  const { out } = await diff("transformers", "5.1.0", "5.2.0", "--json");
  const found = JSON.parse(out) as EngineDiff;
  expect(found).toMatchObject({ schema_version: 1, engine: "transformers", from: "5.1.0", to: "5.2.0" });
  expect(found.rules.changed.map(({ before, after }) => [before.source.line, after.source.line])).toEqual([[1, 9]]);
  expect(found.parameters.defaults).toEqual([{ entry: GENERATION, name: "top_k", before: 50, after: 40 }]);
});

it("tells of a file that the newer version refuses, by rule and line, with exit code 2", async () => {
  const { code, out } = await diff("transformers", "5.1.0", "5.2.0", "study.yaml");
  expect(code).toBe(2);
  expect(out).toContain("now refused: study.yaml:6:12");
  expect(out).toContain(`(${GENERATION}.top_k.error-000008)`);
  const back = await diff("transformers", "5.2.0", "5.1.0", "study.yaml", "--json");
  expect(back.code).toBe(0);
  expect((JSON.parse(back.out) as EngineDiff).config).toMatchObject({
    refused: [],
    no_longer_refused: [{ line: 6, rule: `${GENERATION}.top_k.error-000008` }],
  });
});

it("says on which kind of machine a rule holds", async () => {
  version("5.3.0", { limit: 9, parameters: {}, profiles: ["cuda-sm90"] });
  const { out } = await diff("transformers", "5.2.0", "5.3.0");
  expect(out).toContain("on cuda-sm90 only: refused where top_k is less than 9");
  const io = captureIo({ cwd: root, env: { LEM_CORPORA: root } });
  await runCli(["invariants", "explain", `${GENERATION}.top_k.error-000009`, "--engine", "transformers"], io);
  expect(io.out()).toMatch(/machines +cuda-sm90 only/);
});

it("says of a file that nothing changes for it", async () => {
  const same = await diff("transformers", "5.1.0", "5.1.0", "study.yaml");
  expect(same.out).toContain("study.yaml: 5.1.0 says the same of it");
});

it("refuses a version without rules, and a file of another engine", async () => {
  const missing = await diff("transformers", "5.1.0", "5.3.0");
  expect(missing).toMatchObject({ code: 2, out: "" });
  expect(missing.err).toContain("the nearest version that has some is 5.2.0");
  writeFileSync(join(root, "study.yaml"), "schema_version: 1\nengine: llama-cpp\nmodel: builtin:tiny\n");
  const other = await diff("transformers", "5.1.0", "5.2.0", "study.yaml");
  expect(other.err).toContain("study.yaml uses no transformers");
});
