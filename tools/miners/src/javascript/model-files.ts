import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveModel } from "@lem/engines";
import { lemPaths } from "@lem/engines/paths";
import type { JavaScriptTarget } from "./target.ts";

/** Files of the target's models, the first one first; each is made once, and kept in lem's cache. */
export async function modelFiles(
  { models }: JavaScriptTarget,
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "lem-models-"));
  try {
    const files: string[] = [];
    for (const [name, written] of Object.entries(models)) {
      const config = join(folder, `${name}.json`);
      if (typeof written !== "string") await writeFile(config, JSON.stringify(written));
      const model = typeof written === "string" ? written : `dummy:${config}`;
      const artifact = await resolveModel({
        model,
        formats: ["gguf"],
        cwd: folder,
        modelsDir: lemPaths(env).models,
        env,
        offline: true,
        emit: () => {},
      });
      files.push(artifact.path);
    }
    return files;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
