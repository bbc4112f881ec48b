import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leavesFolder, loadExperiment, projectOf } from "../src/index.ts";
import { codes, CORPORA, load, places, project } from "./support/project.ts";

describe("a file that cannot be used", () => {
  it("is missing: the problem names a file of nearly that name", async () => {
    const { problems, resolution } = await load(
      project({ "conf/experiment.yaml": "model: m\n" }),
      "conf/experimnt.yaml",
    );
    expect(resolution).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: "config.file-not-found",
        file: "conf/experimnt.yaml",
        line: null,
        hint: "did you mean conf/experiment.yaml?",
      },
    ]);
  });

  it.each([
    ["a folder", "sub", "config.not-a-file"],
    ["a path through a file", "a.yaml/b.yaml", "config.file-not-found"],
    ["a circle of links", "loop.yaml", "config.file-unreadable"],
    ["a link to nothing", "dangling.yaml", "config.file-not-found"],
    ["a device", "/dev/zero", "config.not-a-file"],
  ])("is %s", async (_, file, code) => {
    const cwd = project({ "a.yaml": "model: m\n" });
    mkdirSync(join(cwd, "sub"));
    symlinkSync("loop.yaml", join(cwd, "loop.yaml"));
    symlinkSync("nothing.yaml", join(cwd, "dangling.yaml"));
    expect(codes(await load(cwd, file))).toEqual([code]);
  });

  it("is larger than any configuration", async () => {
    const cwd = project({ "big.yaml": "#".repeat(9 * 1024 * 1024) });
    expect(codes(await load(cwd, "big.yaml"))).toEqual(["config.file-unreadable"]);
  });

  it("is empty", async () => {
    expect(places(await load(project({ "a.yaml": "" }), "a.yaml"))).toEqual(["1:1 config.empty"]);
  });

  it.each([
    ["NUL", Buffer.from("a: 1\nb: \0\n"), "2:4"],
    ["bytes that are no UTF-8", Buffer.from([0x61, 0x3a, 0x20, 0x0a, 0x62, 0x3a, 0x20, 0xff]), "2:4"],
    ["UTF-16", Buffer.from("\uFEFFmodel: m\n", "utf16le"), "1:1"],
    ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "1:1"],
  ])("is binary: %s", async (_, bytes, place) => {
    expect(places(await load(project({ "a.yaml": bytes }), "a.yaml"))).toEqual([`${place} config.binary`]);
  });

  it("keeps the flags' problems beside its own", async () => {
    const outcome = await load(project({}), "a.yaml", { flags: { set: ["nonsense"] } });
    expect(codes(outcome).toSorted()).toEqual(["config.file-not-found", "config.set-syntax"]);
  });
});

describe("loadExperiment", () => {
  it("reads a file with a byte order mark", async () => {
    expect((await load(project({ "a.yaml": "\uFEFFmodel: m\n" }), "a.yaml")).resolution?.experiment.model).toBe("m");
  });

  it("makes an experiment from flags alone", async () => {
    const { resolution, problems } = await loadExperiment({
      cwd: project({}),
      corporaRoot: CORPORA,
      flags: { model: "org/name@main", set: ["workload.n=2"] },
    });
    expect(problems).toEqual([]);
    expect(resolution).toMatchObject({
      experiment: { name: "name-main-llama-cpp", model: "org/name@main", workload: { n: 2 } },
      written: {},
    });
  });

  it("takes a missing user file for empty, and reports a broken one", async () => {
    const cwd = project({ "a.yaml": "model: m\n", "broken.yaml": "workload: {nn: 1}\n" });
    expect((await load(cwd, "a.yaml", { userFile: join(cwd, "nothing.yaml") })).problems).toEqual([]);
    expect((await load(cwd, "a.yaml", { userFile: join(cwd, "broken.yaml") })).problems).toMatchObject([
      { code: "config.unknown-key", file: join(cwd, "broken.yaml"), line: 1, column: 12 },
    ]);
  });

  it("lets the user file hold sections of every engine", async () => {
    const cwd = project({
      "a.yaml": "engine: transformers\n",
      "user.yaml": "transformers: {generation: {top_k: 7}}\nllama-cpp: {context: {threads: 2}}\n",
    });
    const { resolution, problems } = await load(cwd, "a.yaml", { userFile: join(cwd, "user.yaml") });
    expect(problems).toEqual([]);
    expect(resolution?.experiment.sections).toEqual({ generation: { top_k: 7 } });
    expect(resolution?.provenance["transformers.generation.top_k"]).toBe("user-file");
  });
});

describe("the project", () => {
  it("is the working directory for files below it, else the file's folder", () => {
    const cwd = project({ "sub/a.yaml": "" });
    const elsewhere = project({ "b.yaml": "" });
    expect(projectOf("sub/a.yaml", cwd)).toBe(cwd);
    expect(projectOf(join(elsewhere, "b.yaml"), cwd)).toBe(elsewhere);
    expect(projectOf(undefined, cwd)).toBe(cwd);
  });

  it("is left by .. and by links, not by names that begin with dots", () => {
    const cwd = project({ "a.yaml": "" });
    symlinkSync("/etc", join(cwd, "link"));
    expect(
      ["..", "../x", "sub/../../x", "link/passwd", "link", "/etc"].map((path) =>
        leavesFolder(cwd, path.startsWith("/") ? path : join(cwd, path)),
      ),
    ).toEqual(Array(6).fill(true));
    expect(["a.yaml", "..data/x", "not/there", "."].map((path) => leavesFolder(cwd, join(cwd, path)))).toEqual(
      Array(4).fill(false),
    );
  });
});
