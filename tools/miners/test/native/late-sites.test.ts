import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { summarize, summaryText } from "../../src/ledger/summary.ts";
import { lateSites } from "../../src/native/late-sites.ts";
import { folderTree } from "../../src/source/folder.ts";
import { takeLedger } from "../../src/take-ledger.ts";
import { fixtureTarget } from "../memory-tree.ts";

const TEXT = `
#define CHECK(x) if (!(x)) throw 1
namespace a::b
{
Range::Range(std::optional<int> low, int high)
    : mLow(std::move(low))
    , mHigh{high}
{
    CHECK(mLow <= high); // CHECK(of a comment)
}

float Range::share(float part) noexcept(false)
{
    CHECK_SAYING(part > 0.f && static_cast<int>(part) <= kMost, "CHECK(of a text)");
    auto inner = [&](int x) { CHECK(x == sizeof(part)); };
    if (part > 1)
    {
        throw std::runtime_error("too much");
    }
    return part;
}
} // namespace a::b
`;

describe("native checks that come later", () => {
  it("are told with function, line and names, those of comments and texts not", () => {
    const sites = lateSites([{ path: "range.cpp", text: TEXT }], { checks: ["CHECK", "CHECK_SAYING"] });
    expect(sites.map(({ qualname, line, names }) => [qualname, line, names])).toEqual([
      ["a::b::Range::Range", 9, ["mLow", "high"]],
      ["a::b::Range::share", 14, ["part", "kMost"]],
      ["a::b::Range::share", 15, ["x", "part"]],
      ["a::b::Range::share", 18, []],
    ]);
  });

  it("keep the digest of their condition when only spaces move, and get another for another condition", () => {
    const digests = (text: string) =>
      lateSites([{ path: "f.cpp", text }], { checks: ["CHECK"] }).map((site) => site.condition);
    const [before] = digests("void f(int a) { CHECK(a > 1); }");
    expect(digests("void f(int a) {\n CHECK( a>1 );\n}")).toEqual([before]);
    expect(digests("void f(int a) { CHECK(a > 2); }")).not.toEqual([before]);
  });

  it("stand in the ledger beside its sites, where the source is a folder that has them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lem-late-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "fixture"));
    writeFileSync(
      join(folder, "fixture/__init__.py"),
      "class Config:\n    def __init__(self, a):\n        self.a = a\n",
    );
    writeFileSync(join(folder, "range.cpp"), TEXT);
    const tree = folderTree({ folder, package: "fixture", version: "1", root: "fixture" });
    const target = fixtureTarget("fixture.Config");
    const late = { files: ["*.cpp"], checks: ["CHECK"] };
    const ledger = await takeLedger(tree, { ...target, root: "fixture", late });
    expect(ledger.late?.map(({ path, line }) => [path, line])).toEqual([
      ["range.cpp", 9],
      ["range.cpp", 15],
      ["range.cpp", 18],
    ]);
    expect(summaryText(summarize(ledger))).toContain("not claimed: 3");
    expect(await takeLedger(tree, { ...target, root: "fixture" })).not.toHaveProperty("late");
  });
});
