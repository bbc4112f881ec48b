import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseEngineId } from "@lem/domain";
import { lemPaths } from "@lem/engines/paths";
import { mayStartDocker } from "../../../../scripts/test-machine.mjs";
import { corpusTexts } from "../../src/emit/corpus-texts.ts";
import { buildImage } from "../../src/image/build-image.ts";
import { mine } from "../../src/mine.ts";
import type { EnginePlace } from "../../src/probe/engine-place.ts";
import { findTransport } from "../../src/probe/find-transport.ts";
import { findSource } from "../../src/source/find-source.ts";
import { targetOf } from "../../src/targets/targets.ts";
import { installedEngine } from "../installed-engine.ts";
import { startDaemon, type Daemon } from "../probe/docker-daemon.ts";

const target = targetOf("transformers");
const installed = installedEngine(target.engine);
const [entry] = target.classes;
const IMAGE = "lem-test-engine:1";

describe.skipIf(!mayStartDocker() || installed === undefined)("the image of an engine", () => {
  const { version = "", python = "" } = installed ?? {};
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon();
  }, 600_000);
  afterAll(() => daemon.remove(), 120_000);

  /** One class, mined there; as the files that would be written. */
  const minedIn = async (place: Pick<EnginePlace, "image" | "python" | "env">) => {
    const tree = await findSource({ target, version, sourcesDir: lemPaths(process.env).sources, env: process.env });
    const outcome = await mine({
      tree,
      target,
      machines: [
        {
          profile: "cpu",
          isPretended: false,
          transport: findTransport({ ...place, target, version, profile: "cpu" }),
        },
      ],
      folder: null,
      only: entry?.name,
      seed: 1,
      force: true,
      gaps: [],
      onEntry: () => {},
    });
    if (outcome.kind === "unchanged") throw new Error("nothing was mined");
    return corpusTexts(outcome.mined);
  };

  it("has the same packages as an installation, and the same rules come out of it [needs dockerd]", async () => {
    const engine = parseEngineId(target.engine);
    await buildImage({ engine, version, base: daemon.base, tag: IMAGE, env: daemon.env, onLine: () => {} });
    const inside = await minedIn({ image: IMAGE, env: daemon.env });
    const outside = await minedIn({ python, env: process.env });
    expect(inside).toEqual(outside);
    expect(daemon.docker("ps", "--all", "--quiet")).toBe("");
  }, 1_200_000);
});
