import { printPredicate } from "@lem/config/invariants";
import type { GapGroup, JsonObject } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { entryModels } from "../../src/entry-models.ts";
import { withGaps } from "../../src/gaps/with-gaps.ts";
import { entryClasses } from "../../src/graph/entry-points.ts";
import { openProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import { folderTree } from "../../src/source/folder.ts";
import { survey } from "../../src/take-ledger.ts";
import { targetOf } from "../../src/targets/targets.ts";
import { installedEngine } from "../installed-engine.ts";

/** The installed transformers, of whose class the walk knows nothing: what one run shows is enough for a condition. */

const installed = installedEngine("transformers");
const ENTRY = "transformers.GenerationConfig";

describe.skipIf(installed === undefined)("gaps of the installed transformers", { timeout: 240_000 }, () => {
  it("become the conditions that its source has [needs python3]", async () => {
    const { python = "", sitePackages = "", version = "" } = installed ?? {};
    const target = targetOf("transformers");
    const surveyed = await survey(
      folderTree({ folder: sitePackages, package: "transformers", version, root: target.root }),
      target,
    );
    const transport = processTransport({ python, env: target.env });
    const probe = await openProbe({ transport, package: target.root, files: {}, landmarks: target.landmarks });
    const { models, facts } = await entryModels(surveyed, probe, ENTRY);
    const [model] = models;
    if (model === undefined) throw new Error(`no ${ENTRY}`);
    const { calls = [] } =
      entryClasses(target, surveyed.index, surveyed.order).find(({ name }) => name === ENTRY) ?? {};
    const gap = (fields: readonly string[], example: JsonObject, exception: string | null): GapGroup => ({
      engine: "transformers",
      engine_version: version,
      kind: exception === null ? "warned" : "refused",
      section: "generation",
      entry: ENTRY,
      fields,
      place: { path: "transformers/generation/configuration_utils.py", qualname: "GenerationConfig.validate", line: 1 },
      exception,
      count: 1,
      examples: [example],
    });
    const task = {
      model: { ...model, candidates: [], effective: {} },
      calls,
      sites: surveyed.ledger.sites,
      facts: new Map(Object.entries(facts)),
      fixture: new Map(),
      seed: 1,
      budget: { positives: 0, negatives: 0, random: 0 },
    };
    const gaps = [
      gap(["max_new_tokens"], { max_new_tokens: -4, top_k: 7 }, "ValueError"),
      gap(["temperature"], { temperature: { $py: "float", value: "0.5" } }, null),
    ];
    const mined = await withGaps(task, gaps, probe).finally(() => probe.close());
    expect(mined.findings.map(({ outcome }) => outcome)).toEqual(["candidate", "candidate"]);
    const [bound, warning] = mined.task.model.candidates;
    expect(bound).toMatchObject({ origin: "runtime_warning", outcome: { kind: "error", exception: "ValueError" } });
    expect(printPredicate(bound?.when ?? { op: "const", value: null })).toEqual({
      all: [{ type: [{ f: "max_new_tokens" }, "int", "float"] }, { le: [{ f: "max_new_tokens" }, 0] }],
    });
    expect(warning).toMatchObject({ outcome: { kind: "warn" }, stage: 0 });
    expect(JSON.stringify(printPredicate(warning?.when ?? { op: "const", value: null }))).toContain("do_sample");
  });
});
