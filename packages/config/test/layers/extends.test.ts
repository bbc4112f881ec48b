import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codes, load, places, project } from "../support/project.ts";

describe("extends", () => {
  it("takes over the keys of its bases; the file wins, then the last of the list, then the first", async () => {
    const cwd = project({
      "main.yaml": "extends: [one.yaml, sub/two.yaml]\nmodel: main\n",
      "one.yaml": "model: one\nworkload: {n: 1, seed: 1, output_tokens: 1}\n",
      "sub/two.yaml": "extends: three.yaml\nworkload: {n: 2}\n",
      "sub/three.yaml": "workload: {n: 3, seed: 3}\n",
    });
    const { resolution, problems } = await load(cwd, "main.yaml");
    expect(problems).toEqual([]);
    expect(resolution?.experiment).toMatchObject({ model: "main", workload: { n: 2, seed: 3, output_tokens: 1 } });
    expect(resolution?.provenance).toMatchObject({
      model: "file",
      "workload.n": "base",
      "workload.output_tokens": "base",
      "workload.batch_size": "default",
    });
    expect(resolution?.written).toEqual({ model: "main", workload: { n: 2, seed: 3, output_tokens: 1 } });
  });

  it("names the place in the base where a problem lies", async () => {
    const cwd = project({
      "conf/main.yaml": "extends: ../base.yaml\nworkload: {seed: x}\n",
      "base.yaml": "model: m\nworkload:\n  nn: 2\n",
    });
    const { problems } = await load(cwd, "conf/main.yaml");
    expect(problems.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)).toEqual([
      "conf/main.yaml:2:18 config.wrong-type",
      "base.yaml:3:3 config.unknown-key",
    ]);
  });

  it("refuses a circle and shows it", async () => {
    const cwd = project({
      "a.yaml": "extends: b.yaml\n",
      "b.yaml": "model: m\nextends: [c.yaml]\n",
      "c.yaml": "extends: a.yaml\n",
    });
    const { problems, resolution } = await load(cwd, "a.yaml");
    expect(resolution).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: "config.extends-cycle",
        file: "c.yaml",
        line: 1,
        column: 10,
        message: expect.stringContaining("a.yaml -> b.yaml -> c.yaml -> a.yaml"),
      },
    ]);
  });

  it("refuses a file that extends itself, also under another name", async () => {
    const cwd = project({ "a.yaml": "extends: a.yaml\n", "b.yaml": "extends: alias.yaml\n" });
    symlinkSync(join(cwd, "b.yaml"), join(cwd, "alias.yaml"));
    expect(codes(await load(cwd, "a.yaml"))).toEqual(["config.extends-cycle"]);
    expect(codes(await load(cwd, "b.yaml"))).toEqual(["config.extends-cycle"]);
  });

  it("lets two files share a base, and reads it once", async () => {
    const levels = Array.from(
      { length: 25 },
      (_, level) =>
        [
          `l${level}.yaml`,
          level === 24 ? "workload: {n: 7}\n" : `extends: [l${level + 1}.yaml, l${level + 1}.yaml]\n`,
        ] as const,
    );
    const { resolution } = await load(project(Object.fromEntries(levels)), "l0.yaml");
    expect(resolution?.experiment.workload.n).toBe(7);
  });

  it("reports a missing, a broken and an empty base at their places", async () => {
    const cwd = project({
      "a.yaml": "extends:\n  - nope.yaml\n  - broken.yaml\n  - empty.yaml\n  - sub\n  - 7\n",
      "broken.yaml": "a: [\n",
      "empty.yaml": "",
      "sub/x.yaml": "",
    });
    const { problems } = await load(cwd, "a.yaml");
    expect(problems.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([
      "a.yaml:2 config.file-not-found",
      "a.yaml:5 config.not-a-file",
      "a.yaml:6 config.wrong-type",
      expect.stringMatching(/^broken\.yaml:\d config\.syntax$/),
      "empty.yaml:1 config.empty",
    ]);
  });
});

describe("a path that leaves the project", () => {
  it("is refused: upwards, absolute, and before anything is read", async () => {
    const outside = project({ "secret.yaml": "model: secret\n" });
    const cwd = project({
      "a.yaml": `extends:\n  - ../x.yaml\n  - ${join(outside, "secret.yaml")}\n  - /etc/hostname\n`,
    });
    const outcome = await load(cwd, "a.yaml");
    expect(places(outcome)).toEqual([
      "2:5 config.path-outside extends",
      "3:5 config.path-outside extends",
      "4:5 config.path-outside extends",
    ]);
    expect(JSON.stringify(outcome)).not.toContain("model: secret");
  });

  it("is refused behind a symbolic link to a file or folder", async () => {
    const outside = project({ "secret.yaml": "model: secret\n" });
    const cwd = project({ "a.yaml": "extends: [link.yaml, folder/secret.yaml]\n" });
    symlinkSync(join(outside, "secret.yaml"), join(cwd, "link.yaml"));
    symlinkSync(outside, join(cwd, "folder"));
    expect(codes(await load(cwd, "a.yaml"))).toEqual(["config.path-outside", "config.path-outside"]);
  });

  it("is measured from the file's own folder when the file lies outside the working directory", async () => {
    const elsewhere = project({
      "in/a.yaml": "extends: base.yaml\n",
      "in/base.yaml": "model: m\n",
      "in/b.yaml": "extends: ../up.yaml\n",
      "up.yaml": "model: up\n",
    });
    const cwd = project({});
    expect((await load(cwd, join(elsewhere, "in/a.yaml"))).resolution?.experiment.model).toBe("m");
    expect(codes(await load(cwd, join(elsewhere, "in/b.yaml")))).toEqual(["config.path-outside"]);
  });

  it("may go up inside the project, and through links that stay in it", async () => {
    const cwd = project({
      "sub/a.yaml": "extends: [../base.yaml, ../link.yaml]\n",
      "base.yaml": "model: m\n",
      "real.yaml": "workload: {n: 3}\n",
    });
    symlinkSync(join(cwd, "real.yaml"), join(cwd, "link.yaml"));
    expect((await load(cwd, "sub/a.yaml")).resolution?.experiment).toMatchObject({ model: "m", workload: { n: 3 } });
  });
});
