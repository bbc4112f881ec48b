import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { lemPaths } from "@lem/engines/paths";
import { describe, expect, it, onTestFinished } from "vitest";
import { nativeModules } from "../../src/native/native-files.ts";
import { openProbe, type EngineProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import { probeSetup } from "../../src/probe/setup.ts";
import { targetOf } from "../../src/targets/targets.ts";
import { construct, stagesOf } from "../probe/toy.ts";

const target = targetOf("tensorrt-llm");
const { sources, engines } = lemPaths(process.env);
const [bindings] = globSync("tensorrt-llm-*/*/cpp/tensorrt_llm/nanobind/bindings.cpp", { cwd: sources });
const source = bindings === undefined ? "" : join(sources, bindings, "../../../..");
const [python] = globSync("tensorrt-llm-*-cpu/bin/python", { cwd: engines });
const isHere = existsSync(source) && python !== undefined;

const open = async (folder: string): Promise<EngineProbe> => {
  const setup = probeSetup(target, "cuda-sm90", folder);
  const transport = processTransport({ python: join(engines, python ?? ""), env: target.env, setup });
  const probe = await openProbe({ transport, package: target.root, files: {}, landmarks: target.landmarks });
  onTestFinished(() => probe.close());
  return probe;
};

/** The source with its native part to change: the Python part is where it was. */
function sourceCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), "lem-native-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const path of globSync("*", { cwd: source })) {
    if (path === "cpp") cpSync(join(source, path), join(copy, path), { recursive: true });
    else symlinkSync(join(source, path), join(copy, basename(path)));
  }
  return copy;
}

describe.skipIf(!isHere)("TensorRT-LLM without its hardware [needs its source]", () => {
  it("has its native modules from their binding sources", () => {
    const [extension] = target.stand_ins?.native ?? [];
    expect(extension).toBeDefined();
    if (extension === undefined) return;
    const classes = nativeModules(source, extension).modules.flatMap((module) => module.classes);
    expect(classes.filter(({ kind }) => kind === "enum")).toHaveLength(28);
    expect(classes.filter(({ kind }) => kind === "class")).toHaveLength(119);
  });

  it("constructs its real classes, on a machine that is pretended", async () => {
    const probe = await open(source);
    const entry = "tensorrt_llm.TorchLlmArgs";
    const given = [{}, { dtype: "bfloat16" }, { stream_interval: 0 }, { kv_cache_config: { max_util_for_resume: 2 } }];
    const answers = await probe.run(given.map((each, id) => construct(entry, { model: "a/b", ...each }, id)));
    expect(answers.map((answer) => stagesOf(answer)[0]?.outcome)).toEqual(["returned", "returned", "raised", "raised"]);
  }, 180_000);

  it("refuses to be imported when a native class has a field that its own lacks", async () => {
    const copy = sourceCopy();
    const file = join(copy, "cpp/tensorrt_llm/nanobind/executor/executorConfig.cpp");
    const text = readFileSync(file, "utf8");
    const more = text.replace(
      '.def_prop_rw("use_uvm"',
      '.def_ro("unheard_of", &tle::Nothing::x)\n        .def_prop_rw("use_uvm"',
    );
    expect(more).not.toBe(text);
    writeFileSync(file, more);
    await expect(open(copy)).rejects.toMatchObject({ message: expect.stringMatching(/unheard_of/) as string });
  }, 180_000);
});
