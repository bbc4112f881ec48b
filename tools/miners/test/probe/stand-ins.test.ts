import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openProbe, type EngineProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import { probeSetup } from "../../src/probe/setup.ts";
import { parseTarget } from "../../src/targets/target-file.ts";
import type { Target } from "../../src/targets/target.ts";
import { construct, hasPython, stagesOf } from "./toy.ts";

const FOLDER = join(import.meta.dirname, "stand-ins/engine");
const target = parseTarget(
  `
engine: gated
packages: [gated]
root: gated
classes: [{ name: gated.Limits }, { name: gated.Options }]
landmarks: [gated.settings.Settings]
stand_ins:
  native: [{ module: gated.native, bindings: ["bindings/*.cpp"], headers: ["bindings/*.h"] }]
  permissive: [driver]
  lazy: [gated]
  answers: { driver.most: 5 }
profiles:
  usual: { pretend: { platform.node: abc } }
`,
  "gated.yaml",
);

/** A process has no user's home, in which a version manager's python3 would look itself up. */
const realPython = (): string =>
  spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).stdout.trim();

async function openGated(source: string, of: Target = target, profile = "usual"): Promise<EngineProbe> {
  const python = realPython();
  const transport = processTransport({ python, setup: probeSetup(of, profile, source) });
  const probe = await openProbe({ transport, package: "gated", files: {}, landmarks: of.landmarks });
  onTestFinished(() => probe.close());
  return probe;
}

async function outcome(probe: EngineProbe, entry: string, keywords: Record<string, unknown>): Promise<string> {
  const [answer] = await probe.run([construct(entry, keywords)]);
  if (answer?.kind === "unconstructible") return answer.reason;
  const [stage] = stagesOf(answer);
  return stage?.exception?.type ?? stage?.outcome ?? "lost";
}

describe.skipIf(!hasPython)("an engine whose compiled parts are not here", () => {
  it("is probed with modules made of its binding sources [needs python3]", async () => {
    const probe = await openGated(FOLDER);
    expect(await outcome(probe, "gated.Limits", { low: 2, high: 3 })).toBe("returned");
    expect(await outcome(probe, "gated.Limits", { low: 4, high: 3 })).toBe("ValueError");
    expect(await outcome(probe, "gated.Limits", { level: "HOT" })).toBe("returned");
    expect(await outcome(probe, "gated.Limits", { level: "none" })).toBe("KeyError");
    expect(await outcome(probe, "gated.everything.Limits", {})).toBe("returned");
  });

  it("says nothing where an invented object was asked [needs python3]", async () => {
    const probe = await openGated(FOLDER);
    expect(await outcome(probe, "gated.Options", { size: 5 })).toBe("returned");
    expect(await outcome(probe, "gated.Options", { size: 6 })).toBe("ValueError");
    expect(await outcome(probe, "gated.Options", { counted: true })).toMatch(/gated\.native\.parts\.make/);
  });

  it("is told what its machine says [needs python3]", async () => {
    const probe = await openGated(FOLDER);
    expect(await outcome(probe, "gated.settings.Machine", { wanted: 3 })).toBe("returned");
    expect(await outcome(probe, "gated.settings.Machine", { wanted: 4 })).toBe("ValueError");
  });

  it("cannot be imported when its binding sources have a field more than it knows [needs python3]", async () => {
    const copy = mkdtempSync(join(tmpdir(), "lem-gated-"));
    onTestFinished(() => rmSync(copy, { recursive: true }));
    cpSync(FOLDER, copy, { recursive: true });
    const file = join(copy, "bindings/module.cpp");
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replace('.def_rw("label"', '.def_rw("unheard_of", &ex::Limits::x)\n        .def_rw("label"'),
    );
    const code = { code: "worker.failed", message: expect.stringMatching(/unheard_of/) as string };
    await expect(openGated(copy)).rejects.toMatchObject(code);
  });

  it("is refused without its binding sources", () => {
    const source = join(FOLDER, "gated");
    expect(() => probeSetup(target, "usual", source)).toThrow(
      expect.objectContaining({ code: "mine.source-missing" }) as Error,
    );
  });
});

describe.skipIf(!hasPython)("a machine that is pretended", () => {
  const pretended = (more: string): Target =>
    parseTarget(
      `
engine: gated
packages: [gated]
root: wsgiref
classes: [{ name: wsgiref.headers.Headers }]
landmarks: [wsgiref.headers.Headers]
profiles:
  other:
    pretend: { wsgiref.gone.name: 1, wsgiref.gone: 1, wsgiref.util.guess_scheme: told, wsgiref.headers.tspecials: 7 }
    permissive: [only_there]
${more}
`,
      "pretended.yaml",
    );
  const open = (of: Target): Promise<EngineProbe> =>
    openProbe({
      transport: processTransport({ python: realPython(), setup: probeSetup(of, "other", undefined) }),
      package: "wsgiref",
      files: {},
      landmarks: of.landmarks,
    });

  it("answers as it would, has its packages, and leaves out names that this version lacks [needs python3]", async () => {
    const probe = await open(pretended("    shows: { wsgiref.headers.tspecials: 7 }"));
    onTestFinished(() => probe.close());
    expect(await probe.resolve(["wsgiref.headers.tspecials", "wsgiref.gone", "only_there.inside.Thing"])).toMatchObject(
      [{ kind: "value", value: 7 }, { kind: "unavailable" }, { kind: "opaque" }],
    );
  });

  it("is not taken for granted: what the engine then shows must be so [needs python3]", async () => {
    const failed = open(pretended("    shows: { wsgiref.headers.tspecials: 8, wsgiref.gone: 1 }"));
    await expect(failed).rejects.toMatchObject({
      code: "mine.landmark-missing",
      message: expect.stringContaining("wsgiref.headers.tspecials = 8, wsgiref.gone = 1"),
    });
  });
});

describe("the setup of a probe", () => {
  it("is nothing for an installed engine on its own machine, and what a profile pretends for another", () => {
    expect(probeSetup(target, "cpu", undefined)).toBeUndefined();
    expect(probeSetup(target, "usual", undefined)).toEqual({ pretend: { "platform.node": "abc" } });
    expect(probeSetup({ ...target, stand_ins: null }, "cpu", FOLDER)).toBeUndefined();
  });
});
