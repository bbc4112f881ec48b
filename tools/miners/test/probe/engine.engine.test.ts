import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@lem/domain";
import { describe, expect, it, onTestFinished } from "vitest";
import { openProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import { targetOf } from "../../src/targets/targets.ts";
import { installedEngine } from "../installed-engine.ts";
import { construct, stagesOf } from "./toy.ts";

const installed = installedEngine("transformers");
const target = targetOf("transformers");
const [entry] = target.classes;

describe.skipIf(installed === undefined)("an installed engine", () => {
  it("answers thousands of probes, the same each time, from the hashed source [needs python3]", async () => {
    const { python = "", sitePackages = "" } = installed ?? {};
    const path = `${target.root}/generation/configuration_utils.py`;
    const probe = await openProbe({
      transport: processTransport({ python, env: target.env }),
      package: target.root,
      files: { [path]: sha256(readFileSync(join(sitePackages, path))) },
      landmarks: target.landmarks,
    });
    onTestFinished(() => probe.close());
    expect(probe.hello.packages[target.packages[0] ?? ""]).toBe(installed?.version);
    const name = entry?.name ?? "";
    const calls = entry?.calls.map(({ method, keywords }) => ({ method, keywords })) ?? [];
    const requests = Array.from({ length: 4000 }, (_, id) => {
      const temperature = { $py: "float", value: `${(id % 11) / 10}` };
      return { ...construct(name, { num_beams: id % 5, temperature, do_sample: id % 2 === 0 }, id), calls };
    });
    const started = performance.now();
    const answers = await probe.run(requests);
    expect((performance.now() - started) / 1000).toBeLessThan(30);
    expect(answers.filter((answer) => answer.kind !== "done" || answer.flaky)).toEqual([]);
    const stages = answers.flatMap(stagesOf);
    const places = stages.flatMap(({ exception, said }) => [...(exception?.frames.slice(0, 1) ?? []), ...said]);
    expect(places.length).toBeGreaterThan(1000);
    expect(new Set(places.map((place) => place.path))).toEqual(new Set([path]));
  }, 120_000);
});
