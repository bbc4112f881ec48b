import { resolve } from "node:path";
import { LemError, type WorkloadRecord } from "@lem/domain";
import type { ResolvedWorkload } from "@lem/config";
import { BUILTIN_SETS } from "./builtin/sets.ts";
import { readPromptFile } from "./prompt-file.ts";
import { drawLengths } from "./synthetic.ts";

/** The prompts of an experiment before an engine has seen them. */
export type PromptSet =
  | {
      readonly kind: "texts";
      readonly source: WorkloadRecord["source"];
      readonly texts: readonly string[];
      /** True: texts are joined until every input has exactly the asked length. False: they are cut, never lengthened. */
      readonly fill: boolean;
    }
  | {
      readonly kind: "synthetic";
      readonly source: WorkloadRecord["source"];
      /** Tokens of each input, in order of the requests. */
      readonly lengths: readonly number[];
    };

/**
 * Reads the prompts that a workload asks for; no engine is needed. Of a file only the first `n` prompts are read.
 * @param cwd folder that a relative path counts from
 * @throws LemError `workload.no-prompts`, `workload.file`
 */
export async function readPrompts(workload: ResolvedWorkload, cwd = "."): Promise<PromptSet> {
  const { prompts } = workload;
  switch (prompts.kind) {
    case "builtin":
      return { kind: "texts", source: `builtin:${prompts.set}`, texts: builtinTexts(prompts.set), fill: true };
    case "file": {
      const texts = await readPromptFile({ ...prompts, path: resolve(cwd, prompts.path) }, workload.n);
      return { kind: "texts", source: `file:${prompts.path}`, texts, fill: false };
    }
    case "synthetic": {
      const lengths = drawLengths(prompts.lengths, workload);
      return { kind: "synthetic", source: `synthetic:${prompts.lengths.kind}`, lengths };
    }
  }
}

function builtinTexts(name: string): readonly string[] {
  const set = BUILTIN_SETS.get(name);
  if (set === undefined) {
    throw new LemError("workload.no-prompts", `there is no built-in prompt set named "${name}"`, {
      hint: `choose one of ${[...BUILTIN_SETS.keys()].join(", ")}, or give a .txt or .jsonl file`,
      place: { path: "workload.prompts" },
    });
  }
  return set.map((passage) => passage.text);
}
