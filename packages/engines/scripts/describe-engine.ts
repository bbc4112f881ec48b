import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LemError, parseEngineId, type EngineId, type JsonValue } from "@lem/domain";
import type { EngineAdapter } from "../src/adapter.ts";
import { writeFileAtomic } from "../src/atomic-file.ts";
import { lemPaths } from "../src/paths.ts";
import type { Replies } from "../src/worker/protocol.ts";
import { openSession } from "../src/worker/session.ts";

/*
 * Writes the parameter schema of an installed engine, as its worker describes it:
 *
 *     node scripts/describe-engine.ts --engine transformers [--engine-version 5.23.0] --out corpora/.../schema.json
 *
 * With --check the file is compared instead, and the exit code is 1 when it differs.
 */

interface Asked {
  readonly engine: EngineId;
  readonly version: string | undefined;
  readonly out: string;
  readonly check: boolean;
}

const DEADLINES = { hello_s: 60, load_s: 300, silence_s: 60, close_s: 10 };

async function adapterOf(engine: EngineId): Promise<EngineAdapter> {
  const module = (await import(`../src/${engine}/adapter.ts`)) as Readonly<Record<string, EngineAdapter>>;
  const adapter = Object.values(module).find((value) => value.id === engine);
  if (adapter !== undefined) return adapter;
  throw new LemError("internal.bug", `src/${engine}/adapter.ts exports no adapter`);
}

async function description({ engine, version }: Asked): Promise<Replies["describe"]> {
  const adapter = await adapterOf(engine);
  const { engines } = lemPaths(process.env);
  const found = await adapter.locate({
    enginesDir: engines,
    env: process.env,
    ...(version === undefined ? {} : { version }),
  });
  if (found.status === "missing") throw new LemError("engine.not-installed", found.reason, { hint: found.hint });
  const logPath = join(tmpdir(), `lem-describe-${process.pid}.log`);
  const session = await openSession({
    engine,
    command: found.command,
    env: process.env,
    logPath,
    deadlines: DEADLINES,
  });
  try {
    return await session.request("describe", {});
  } finally {
    await session.close();
    await rm(logPath, { force: true });
  }
}

/** Keys keep the worker's order: it is sorted there, and rules of a schema read best in it. */
const fileText = (value: JsonValue): string => `${JSON.stringify(value, null, 1)}\n`;

function asked(): Asked {
  const { values } = parseArgs({
    options: {
      engine: { type: "string" },
      "engine-version": { type: "string" },
      out: { type: "string" },
      check: { type: "boolean", default: false },
    },
  });
  if (values.engine === undefined || values.out === undefined)
    throw new LemError("cli.usage", "--engine and --out are required");
  return {
    engine: parseEngineId(values.engine),
    version: values["engine-version"],
    out: values.out,
    check: values.check,
  };
}

async function main(): Promise<void> {
  const request = asked();
  const described = await description(request);
  const text = fileText({ schema_version: 1, ...described } as JsonValue);
  if (!request.check) return writeFileAtomic(request.out, text);
  if ((await readFile(request.out, "utf8").catch(() => "")) === text) return;
  console.error(`${request.out} is not what ${described.engine} ${described.engine_version} describes`);
  process.exitCode = 1;
}

await main();
