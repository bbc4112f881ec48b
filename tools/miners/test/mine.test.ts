import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readRuleSet } from "@lem/config/corpus";
import type { ClassSchemas } from "@lem/config/parameters";
import { mine, type MineRequest } from "../src/mine.ts";
import { processTransport } from "../src/probe/process-transport.ts";
import { TOY_FOLDER, TOY_TARGET, toyTree } from "./prove/toy-engine.ts";

const TOY_PROBE = processTransport({ python: "python3", env: { PYTHONPATH: TOY_FOLDER } });

function request(more: Partial<MineRequest> = {}): MineRequest {
  const folder = mkdtempSync(join(tmpdir(), "lem-mine-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return {
    tree: toyTree(),
    target: TOY_TARGET,
    machines: [{ profile: "cpu", isPretended: false, transport: TOY_PROBE }],
    folder,
    seed: 1,
    force: false,
    gaps: [],
    onEntry: () => undefined,
    ...more,
  };
}

describe("mining an engine of ours, from its source to its corpus [needs python3]", () => {
  it("proves what the walk finds, and mines nothing twice", { timeout: 120_000 }, async () => {
    const asked = request();
    const first = await mine(asked);
    expect(first.kind).toBe("mined");
    const file = join(asked.folder ?? "", "invariants.json");
    const rules = readRuleSet(readFileSync(file, "utf8"), { engine: TOY_TARGET.engine, version: "1", file });
    const verdict = (set: Record<string, unknown>) => rules.evaluate({ entry: "toyengine.Settings", set }).verdict;
    expect(
      [{}, { beams: 0 }, { beams: "2" }, { mode: "odd" }, { beams: 8, sample: true }, { stops: [""] }].map(verdict),
    ).toEqual(["ok", "error", "error", "error", "error", "error"]);
    expect(verdict({ mode: "exact" })).toBe("warn");
    expect(verdict({ stops: "a" })).toBe("dormant");
    expect(rules.evaluate({ entry: "toyengine.Strict", set: { size: 65 } }).verdict).toBe("error");
    expect(rules.evaluate({ entry: "toyengine.Strict", set: { size: 0, group: 0 } }).verdict).toBe("error");
    const classes = JSON.parse(readFileSync(join(asked.folder ?? "", "classes.json"), "utf8")) as ClassSchemas;
    expect(Object.keys(classes.classes)).toEqual(rules.entries);
    expect(await mine(asked)).toEqual({ kind: "unchanged" });
    expect((await mine({ ...asked, seed: 2 })).kind).toBe("mined");
  });

  it(
    "goes over the kinds of machines of a target, and claims nothing where a class is not mined",
    { timeout: 120_000 },
    async () => {
      const target = {
        ...TOY_TARGET,
        profiles: {
          cpu: { pretend: {}, permissive: [], shows: {} },
          "cuda-sm90": { pretend: { "os.name": "gpu" }, permissive: [], shows: {}, classes: ["toyengine.Strict"] },
        },
      };
      const asked = request({
        target,
        machines: [
          { profile: "cpu", isPretended: false, transport: TOY_PROBE },
          { profile: "cuda-sm90", isPretended: true, transport: TOY_PROBE },
        ],
      });
      await mine(asked);
      const file = join(asked.folder ?? "", "invariants.json");
      const rules = readRuleSet(readFileSync(file, "utf8"), { engine: TOY_TARGET.engine, version: "1", file });
      const verdict = (entry: string, set: Record<string, unknown>, profile: string): string =>
        rules.evaluate({ entry, set, profile }).verdict;
      expect(Object.keys(rules.corpus.profiles)).toEqual(["cpu", "cuda-sm90"]);
      expect(rules.corpus.profiles["cuda-sm90"]).toMatchObject({ pretended: true });
      for (const profile of ["cpu", "cuda-sm90"])
        expect(verdict("toyengine.Strict", { size: 65 }, profile)).toBe("error");
      expect(verdict("toyengine.Settings", { beams: 0 }, "cpu")).toBe("error");
      expect(verdict("toyengine.Settings", { beams: 0 }, "cuda-sm90")).toBe("ok");
    },
  );

  it("writes nothing when a landmark is missing or the installed source is another", async () => {
    const lost = request({ target: { ...TOY_TARGET, landmarks: ["toyengine.Settings.gone"] } });
    await expect(mine(lost)).rejects.toMatchObject({ code: "mine.landmark-missing" });
    const changed = request({ tree: toyTree({ "toyengine/settings.py": (text) => `${text}\n# changed\n` }) });
    await expect(mine(changed)).rejects.toMatchObject({ code: "mine.source-corrupt" });
    expect(readdirSync(lost.folder ?? "")).toEqual([]);
    expect(readdirSync(changed.folder ?? "")).toEqual([]);
  });
});
