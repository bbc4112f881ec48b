import { describe, expect, it } from "vitest";
import { ofFinding, withBuckets } from "../../src/prove/buckets.ts";
import { toyLedger } from "./toy-engine.ts";

describe("the ledger's buckets", () => {
  it("holds each site once, in the best bucket that a class puts it into", async () => {
    const ledger = await toyLedger();
    const [first, second, third] = ledger.sites.map(({ id }) => id);
    const placed = withBuckets(ledger, [
      { site: first ?? "", bucket: "quarantined", reason: "thin" },
      { site: first ?? "", bucket: "validated", reason: "rule-1" },
      ...ofFinding({ site: second ?? "", status: "unreachable", reason: "not-called" }),
      ...ofFinding({ site: third ?? "", status: "candidate", reason: "translated" }),
    ]);
    expect(placed.sites).toHaveLength(ledger.sites.length);
    expect(placed.sites.slice(0, 3)).toMatchObject([
      { bucket: "validated", reason: "rule-1" },
      { bucket: "dead", reason: "not-called" },
      { bucket: "opaque", reason: "not-walked" },
    ]);
  });
});
