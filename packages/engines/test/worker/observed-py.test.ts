import type { JsonObject } from "@lem/domain";
import { describe, expect, test } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import { BODIES, fakeOptions, fixture, open } from "../fixtures/open-fake.ts";
import { protocolFolder, python } from "../fixtures/python.ts";

const options = (keys: JsonObject): ReturnType<typeof fakeOptions> =>
  fakeOptions("", "", {
    command: {
      file: python ?? "python3",
      args: [fixture("observing_worker.py"), JSON.stringify(keys)],
      env: { PYTHONPATH: protocolFolder, PYTHONDONTWRITEBYTECODE: "1" },
    },
  });

async function run(keys: JsonObject): Promise<{ readonly said: readonly WorkerEvent[]; readonly error: unknown }> {
  const session = await open(options(keys));
  const said: WorkerEvent[] = [];
  const error = await session
    .request("run", BODIES.run, (event) => said.push(event))
    .catch((caught: unknown) => caught);
  return { said, error };
}

const at = (line: number): JsonObject => ({ path: "small_engine/__init__.py", qualname: "Settings.validate", line });
const silent = { event: "said", section: "sampling", fields: [], channel: "log", category: "WARNING", place: at(18) };

describe.runIf(python)("observed.py [needs python3]", () => {
  test("tells once what the engine's own code says, with its place and the keys that it names", async () => {
    const { said } = await run({ beams: 1, penalty: 0 });
    expect(said).toEqual([
      { ...silent, fields: ["beams", "penalty"], place: at(15) },
      { ...silent, channel: "warning", category: "FutureWarning", fields: ["penalty"], place: at(17) },
      silent,
    ]);
  });

  test("has nothing to tell of a section without keys", async () => {
    expect((await run({})).said).toEqual([]);
  });

  test("an exception that may be the keys' fault says where, and which keys it names", async () => {
    const { error } = await run({ beams: 0, penalty: 1 });
    expect(error).toMatchObject({
      code: "worker.failed",
      context: {
        engine_error: { type: "ValueError" },
        refusal: { section: "sampling", fields: ["beams"], place: at(21) },
      },
    });
  });

  test.each([
    [{ file: true }, "worker.failed"],
    [{ device: true }, "worker.failed"],
    [{ outputs: 2 }, "engine.unsupported"],
  ])("%j: files and devices that fail, and lem itself, are no refusal by the engine", async (keys, code) => {
    const { error } = await run(keys);
    expect(error).toMatchObject({ code });
    expect(error).not.toHaveProperty("context.refusal");
  });
});
