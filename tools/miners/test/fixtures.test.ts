import { describe, expect, it } from "vitest";
import type { Ledger } from "../src/ledger/ledger.ts";
import { takeLedger } from "../src/take-ledger.ts";
import { fixtureCases } from "./fixture-case.ts";

/** Each site with its line, so that a person can judge it: kind, operator, number of conditions, place, text. */
function readable({ sites, files, functions }: Ledger, sources: Readonly<Record<string, string>>): string {
  const lines = sites.map(({ kind, operator, condition, path, qualname, line }) => {
    const what = operator === null ? kind : `${kind} ${operator}`;
    const text = sources[path]?.split("\n")[line - 1]?.trim() ?? "";
    return `${what.padEnd(20)} if:${condition.guards} ${path}:${line} ${qualname} | ${text}`;
  });
  const troubles = files.flatMap(({ path, troubles: found }) =>
    found.map(({ line, reason }) => `${path}:${line} ${reason}`),
  );
  return [`functions: ${functions.reached}`, ...lines, ...troubles.map((text) => `cannot read ${text}`), ""].join("\n");
}

describe("fixtures", () => {
  it.each(fixtureCases().map((each) => [each.name, each] as const))("%s", async (_, { tree, target, files, shot }) => {
    await expect(readable(await takeLedger(tree, target), files)).toMatchFileSnapshot(shot);
  });
});
