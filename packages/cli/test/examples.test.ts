import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXAMPLES, type ExampleKey } from "../src/routes/examples.ts";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";
import { EXAMPLES_FOLDER, examplesOf, runExample } from "./run-example.ts";

/** Every example of the help is run as it stands, in a folder that has the repository's `examples` and one result. */

const COMMANDS: Readonly<Record<ExampleKey, string>> = {
  run: "run",
  plan: "plan",
  check: "check",
  doctor: "doctor",
  flops: "flops",
  enginesList: "engines list",
  enginesInstall: "engines install",
  enginesParams: "engines params",
  enginesGaps: "engines gaps",
  enginesDiff: "engines diff",
  invariantsList: "invariants list",
  invariantsExplain: "invariants explain",
  modelsList: "models list",
  modelsPull: "models pull",
  schedule: "schedule",
  studyStatus: "study status",
  studyWatch: "study watch",
  resultsList: "results list",
  resultsShow: "results show",
  resultsCompare: "results compare",
  resultsRecompute: "results recompute",
  resultsAggregate: "results aggregate",
  configShow: "config show",
  configInit: "config init",
};

const keys = Object.keys(COMMANDS) as ExampleKey[];
const lines = keys.flatMap((key) => EXAMPLES[key].map(({ input }) => `${COMMANDS[key]} ${input}`.trim()));

let folder: string;
let result: string;
let rule: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lem-examples-"));
  symlinkSync(EXAMPLES_FOLDER, join(folder, "examples"));
  await run("run --model builtin:tiny --set workload.n=1 --set llama-cpp.context.threads=1");
  result = readdirSync(join(folder, "results"))[0] ?? "";
  const { out } = await run("invariants list --json");
  rule = (JSON.parse(out) as { rules: { id: string }[] }).rules[0]?.id ?? "";
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(line: string): Promise<{ code: number; out: string; err: string }> {
  const io = captureIo({ cwd: folder, env: process.env });
  const code = await runCli(line.split(" "), io);
  return { code, out: io.out(), err: io.err() };
}

test.each(lines)(
  "lem %s",
  async (line) => {
    const soon = new Date(Date.now() + 1500).toISOString().replace(/\.\d+/, "");
    const known = line
      .replaceAll(/results\/(RUN|OTHER)/g, `results/${result}`)
      .replace("RULE", rule)
      .replace("2026-12-24T22:00", soon);
    const { code, out, err } = await run(known);
    expect(code, err).toBe(0);
    expect(out).not.toBe("");
    if (line.includes("--json")) JSON.parse(out);
  },
  240_000,
);

test.each(keys)("the help of %s shows its examples and answers at once", async (key) => {
  const { code, out } = await run(`${COMMANDS[key]} --help`);
  expect(code).toBe(0);
  for (const { input, brief } of EXAMPLES[key]) expect(out).toContain(`${input}`.trim() === "" ? brief : input);
});

test("every YAML in examples passes the check without a warning", async () => {
  for (const name of readdirSync(EXAMPLES_FOLDER).filter((file) => file.endsWith(".yaml"))) {
    const { code, out } = await run(`check examples/${name} --json`);
    expect(JSON.parse(out), name).toEqual({ ok: true, problems: [] });
    expect(code, name).toBe(0);
    expect(readFileSync(join(EXAMPLES_FOLDER, name), "utf8")).toMatch(/^# /);
  }
});

test("every example belongs to an engine that a test runs", () => {
  const known = [...examplesOf("llama-cpp"), ...examplesOf("transformers")];
  expect(known.toSorted()).toEqual(readdirSync(EXAMPLES_FOLDER).filter((name) => name.endsWith(".yaml")));
});

test.each(examplesOf("llama-cpp"))(
  "a run of examples/%s is a result of the published schema",
  async (name) => {
    const { code, err, results } = await runExample(name);
    expect(code, err).toBe(0);
    expect(results).toHaveLength(2);
    for (const result of results) expect(result).toMatchObject({ status: "completed", problems: null });
  },
  600_000,
);
