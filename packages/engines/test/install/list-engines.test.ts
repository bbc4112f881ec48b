import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_IDS } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { listEngines } from "../../src/install/list-engines.ts";
import { MARKER } from "../../src/install/marker.ts";
import { Workplace } from "./fixtures/workplace.ts";

describe("listing engines", () => {
  it("names every engine, also where nothing is installed", async () => {
    const listing = await listEngines({ enginesDir: join(new Workplace().folder, "nowhere") });
    expect(listing.map(({ engine }) => engine)).toEqual(ENGINE_IDS);
    expect(listing.flatMap(({ installed, incomplete }) => [...installed, ...incomplete])).toEqual([]);
    expect(listing.find(({ engine }) => engine === "llama-cpp")?.installer).toBe("embedded");
  });

  it("does not count a folder whose marker is damaged", async () => {
    const { enginesDir } = new Workplace();
    const folder = join(enginesDir, "transformers-5.23.0-cpu");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, MARKER), '{"schema_version": 1, "engine": "transf');
    const listing = await listEngines({ enginesDir });
    const row = listing.find(({ engine }) => engine === "transformers");
    expect(row).toMatchObject({ installed: [], incomplete: [folder] });
  });
});
