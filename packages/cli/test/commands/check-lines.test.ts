import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../../src/run-cli.ts";
import { captureIo } from "../capture-io.ts";

const GENERATION = "transformers.GenerationConfig";
const line = (id: unknown, set: object, entry = GENERATION): string => JSON.stringify({ id, entry, set });

/** Three rules of a real class, as a folder of corpora. */
function rules(version: string): object {
  const source = { path: "x.py", qualname: "C", line: 1, sha: "" };
  const rule = { severity: "error", exception: null, added_by: "manual_seed", evidence: null, source };
  const when = { le: [{ f: "max_new_tokens" }, 0] };
  const entry = { defaults: { max_new_tokens: 20 }, required: [], unknown_keys: "accept", effective: {} };
  return {
    schema_version: 1,
    engine: "transformers",
    engine_version: version,
    source_sha256: "",
    validated_sha256: "",
    profiles: { cpu: { facts: {} } },
    domains: {},
    sections: {},
    entries: { [GENERATION]: { ...entry, rules: [{ ...rule, id: "the-rule", fields: ["max_new_tokens"], when }] } },
  };
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lem-lines-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly err: string;
  readonly out: string;
  readonly answers: readonly Record<string, unknown>[];
}

async function check(chunks: readonly (string | Uint8Array)[], args: readonly string[] = []): Promise<Outcome> {
  mkdirSync(join(root, "transformers", "5.1.0"), { recursive: true });
  writeFileSync(join(root, "transformers", "5.1.0", "invariants.json"), JSON.stringify(rules("5.1.0")));
  const stdin = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  const io = captureIo({ cwd: root, stdin, env: { LEM_CORPORA: root } });
  const code = await runCli(["check", "--ndjson", "--engine", "transformers", ...args], io);
  const answers = io
    .out()
    .split("\n")
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Record<string, unknown>);
  return { code, err: io.err(), out: io.out(), answers };
}

describe("lem check --ndjson", () => {
  it("answers every line in its order, however the input is cut", async () => {
    const text = `${line(1, { max_new_tokens: 0 })}\n\n${line("zwei", { user: "Zoë 🜁" })}\r\n${line(3, {}, "x.Y")}`;
    const bytes = Buffer.from(text);
    const whole = await check([text]);
    expect(whole.answers.map(({ id, verdict }) => [id, verdict])).toEqual([
      [1, "error"],
      ["zwei", "ok"],
      [3, "unsupported"],
    ]);
    expect(whole.code).toBe(0);
    expect(whole.err).toBe("");
    const cut = await check([...bytes].map((byte) => Uint8Array.of(byte)));
    expect(cut.out).toBe(whole.out);
  });

  it("answers each chunk before it asks for the next", async () => {
    const seen: number[] = [];
    const written: string[] = [];
    async function* input(): AsyncGenerator<Uint8Array> {
      for (const id of [1, 2]) {
        yield Buffer.from(`${line(id, {})}\n`);
        seen.push(written.join("").split("\n").length - 1);
      }
    }
    const stdout = { write: (text: string) => void written.push(text) };
    const io = captureIo({ cwd: root, env: { LEM_CORPORA: root }, stdin: input(), stdout });
    await check([]);
    await runCli(["check", "--ndjson", "--engine", "transformers"], io);
    expect(seen).toEqual([1, 2]);
  });

  it("keeps on after a line that holds no configuration, and says so with its exit code", async () => {
    const { code, answers, err } = await check([`junk\n${line(2, {})}\n`]);
    expect(answers.map(({ id, verdict }) => [id, verdict])).toEqual([
      [null, "unsupported"],
      [2, "ok"],
    ]);
    expect(answers[0]?.["problem"]).toMatchObject({ code: "config.syntax" });
    expect(code).toBe(2);
    expect(err).toContain("lines without a configuration: 1");
  });

  it("says aloud and in each answer that the rules are another version's", async () => {
    const { code, answers, err } = await check([line(1, {})], ["--engine-version", "5.2.0"]);
    expect(answers[0]).toMatchObject({ verdict: "ok", engine_version: "5.1.0" });
    expect(err).toContain("5.2.0");
    expect(code).toBe(0);
    expect((await check([line(1, {})], ["--engine-version", "5.1.0"])).err).toBe("");
  });

  it("judges for the kind of machine that is named", async () => {
    const asked = await check([line(1, {})], ["--profile", "cuda-sm90"]);
    expect(asked.answers[0]).toMatchObject({ profile: "cuda-sm90" });
    const own = JSON.stringify({ entry: GENERATION, set: {}, profile: "cpu" });
    expect((await check([own], ["--profile", "cuda-sm90"])).answers[0]).toMatchObject({ profile: "cpu" });
  });

  it("reads a file instead of the standard input", async () => {
    writeFileSync(join(root, "configs.ndjson"), `${line(1, {})}\n`);
    expect((await check(["junk"], ["configs.ndjson"])).answers).toMatchObject([{ id: 1 }]);
    const missing = await check([], ["nowhere.ndjson"]);
    expect(missing.code).not.toBe(0);
    expect(missing.err).toContain("nowhere.ndjson");
  });

  it("refuses a line without end", async () => {
    const { code, err } = await check(Array.from({ length: 40 }, () => "x".repeat(1 << 19)));
    expect(code).toBe(2);
    expect(err).toContain("config.syntax");
  });

  it("says what it lacks", async () => {
    await check([]);
    const run = async (args: readonly string[]): Promise<string> => {
      const io = captureIo({ cwd: root, env: { LEM_CORPORA: root } });
      return `${await runCli(["check", ...args], io)} ${io.err()}`;
    };
    expect(await run(["--ndjson"])).toMatch(/^2 .*cli\.usage/s);
    expect(await run(["--ndjson", "--engine", "vllm"])).toMatch(/^2 .*config\.corpus-missing/s);
    expect(await run(["--ndjson", "--engine", "vlm"])).toMatch(/^2 .*engine\.unknown/s);
    expect(await run(["--ndjson", "--engine", "transformers", "--set", "a=1"])).toMatch(/^2 .*cli\.usage/s);
  });

  it("ends with the code of damaged rules", async () => {
    await check([]);
    writeFileSync(join(root, "transformers", "5.1.0", "invariants.json"), "{}");
    const other = mkdtempSync(join(tmpdir(), "lem-lines-"));
    cpSync(root, other, { recursive: true });
    const io = captureIo({ cwd: root, env: { LEM_CORPORA: other } });
    expect(await runCli(["check", "--ndjson", "--engine", "transformers"], io)).toBe(2);
    expect(io.err()).toContain("config.corpus-invalid");
    rmSync(other, { recursive: true });
  });
});
