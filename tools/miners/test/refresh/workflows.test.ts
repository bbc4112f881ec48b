import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runMiner } from "../../src/command.ts";

const ROOT = join(import.meta.dirname, "../../../..");

interface Workflow {
  readonly on: { readonly pull_request?: { readonly paths?: readonly string[] }; readonly schedule?: unknown };
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly "runs-on": string;
        readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
      }
    >
  >;
}

const workflow = (name: string): Workflow =>
  parse(readFileSync(join(ROOT, ".github/workflows", `${name}.yml`), "utf8")) as Workflow;

const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);
const runsOf = (each: Workflow): readonly string[] => stepsOf(each).flatMap(({ run }) => run ?? []);

/** `pnpm@1.2.3 [--silent] NAME WORD`, or a script of the miner: what a workflow runs of ours. */
const CALLS = /pnpm@\S+ (?:--silent )?(\S+) ([\w-]+)/g;

describe("the workflows that mine", () => {
  it.each(["ci", "mine", "nightly"])("%s calls scripts and commands that there are, and pins actions", async (name) => {
    let usage = "";
    await runMiner(["--help"], { env: {}, out: (text) => void (usage += text), err: () => {} });
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const all = workflow(name);
    const calls = runsOf(all).flatMap((run) => [...run.matchAll(CALLS)]);
    for (const [, script = ""] of calls) expect(Object.keys(scripts)).toContain(script);
    for (const [, , word = ""] of calls.filter(([, script]) => script === "miner"))
      expect(usage).toMatch(new RegExp(`^${word} `, "m"));
    for (const { uses } of stepsOf(all)) expect(uses ?? `@${"0".repeat(40)}`).toMatch(/@[0-9a-f]{40}$/);
    expect(all.permissions).toEqual({});
  });

  it("starts with a moved pin, and leaves all work to one script", () => {
    const mine = workflow("mine");
    expect(mine.on.pull_request?.paths).toEqual(["engine_versions/*.yaml"]);
    expect(Object.keys(mine.jobs)).toEqual(["pins", "image", "mine"]);
    expect(mine.jobs["mine"]?.["runs-on"]).toMatch(/"self-hosted", "gpu".*ubuntu/);
    const work = (mine.jobs["mine"]?.steps ?? []).flatMap(({ run }) => run ?? []);
    expect(work.filter((run) => run.includes("pnpm@"))).toEqual([
      expect.stringContaining(" lem engines install "),
      expect.stringContaining(" refresh --engine "),
    ]);
  });
});
