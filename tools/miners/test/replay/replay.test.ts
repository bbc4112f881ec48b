import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRuleSet, sealCorpus, type Corpus } from "@lem/config/corpus";
import { describe, expect, it, onTestFinished } from "vitest";
import { mine } from "../../src/mine.ts";
import { openProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import { replayClass } from "../../src/replay/replay.ts";
import { TOY_CALLS, TOY_FOLDER, TOY_TARGET, toyTree } from "../prove/toy-engine.ts";

const transport = processTransport({ python: "python3", env: { PYTHONPATH: TOY_FOLDER } });

/** The corpus of our toy, as the runtime reads it, with its text changed. */
async function minedToy(change: (text: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), "lem-replay-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await mine({
    tree: toyTree(),
    target: TOY_TARGET,
    machines: [{ profile: "cpu", isPretended: false, transport }],
    folder,
    seed: 1,
    force: false,
    gaps: [],
    onEntry: () => undefined,
  });
  const file = join(folder, "invariants.json");
  const { content_sha256: _, ...corpus } = JSON.parse(readFileSync(file, "utf8")) as Corpus;
  const changed = JSON.parse(change(JSON.stringify(corpus))) as Omit<Corpus, "content_sha256">;
  return readRuleSet(sealCorpus(changed), { engine: TOY_TARGET.engine, version: "1", file });
}

async function replayed(change: (text: string) => string = (text) => text, entry = "toyengine.Settings") {
  const rules = await minedToy(change);
  const probe = await openProbe({ transport, package: TOY_TARGET.root, files: {}, landmarks: [] });
  try {
    return await replayClass(
      rules,
      { entry, calls: entry === "toyengine.Settings" ? TOY_CALLS : [] },
      { probe, profile: "cpu" },
    );
  } finally {
    await probe.close();
  }
}

describe("rules tried again [needs python3]", () => {
  it("are confirmed by the engine that they were mined from", async () => {
    const outcomes = await replayed();
    expect(outcomes.length).toBeGreaterThan(8);
    expect(outcomes.filter(({ outcome }) => outcome !== "confirmed" && outcome !== "elsewhere")).toEqual([]);
    expect(outcomes.filter(({ outcome }) => outcome === "confirmed").length).toBeGreaterThan(outcomes.length / 2);
  }, 60_000);

  it("are not contradicted by what they do not know", async () => {
    const known = '{"ne":[{"mod":[{"f":"size"},{"f":"group"}]},0]}';
    const changed = `{"ite":[{"eq":[{"f":"size"},1]},{"unknown":"one"},${known}]}`;
    const outcomes = await replayed((text) => {
      expect(text).toContain(known);
      return text.replace(known, changed);
    }, "toyengine.Strict");
    expect(outcomes.filter(({ outcome }) => outcome === "contradicted")).toEqual([]);
  }, 60_000);

  it("are contradicted where one says too much", async () => {
    const outcomes = await replayed((text) => text.replace('{"gt":[{"f":"beams"},4]}', '{"gt":[{"f":"beams"},2]}'));
    const wrong = outcomes.filter(({ outcome }) => outcome === "contradicted");
    expect(wrong).toEqual([expect.objectContaining({ input: expect.objectContaining({ beams: 3 }) as object })]);
  }, 60_000);
});
