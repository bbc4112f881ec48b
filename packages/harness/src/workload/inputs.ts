import { LemError } from "@lem/domain";
import type { ResolvedWorkload } from "@lem/config";
import type { PromptSet } from "./prompts.ts";
import { drawIds, type Vocabulary } from "./synthetic.ts";

/** Turns texts into token ids with the tokenizer of the engine under test. */
export type Tokenize = (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

/** What turns prompts into ids. */
export interface Tokenizer {
  readonly tokenize: Tokenize;
  /** Null when the engine does not say it; only synthetic prompts need it. */
  readonly vocabulary: Vocabulary | null;
}

/** Characters a token that a first text is made for; English has about four, and a retry doubles it. */
const FIRST_CHARACTERS_PER_TOKEN = 6;
const LAST_CHARACTERS_PER_TOKEN = 512;

/**
 * The ids of each distinct input, at most `n`. Texts are cut to `input_tokens`; a built-in text goes on with the next
 * passages until it has exactly that many.
 * @throws LemError `workload.file` for a prompt without tokens, `engine.unsupported` without a vocabulary
 */
export async function inputIds(
  workload: ResolvedWorkload,
  prompts: PromptSet,
  { tokenize, vocabulary }: Tokenizer,
): Promise<readonly (readonly number[])[]> {
  if (prompts.kind === "synthetic") {
    if (vocabulary !== null) return drawIds(prompts.lengths, vocabulary, workload.seed);
    throw new LemError("engine.unsupported", "the engine does not say its vocabulary, which random token ids need", {
      hint: "use prompts from a file or a built-in set",
      place: { path: "workload.lengths" },
    });
  }
  const used = prompts.texts.slice(0, workload.n);
  const ids = prompts.fill
    ? await filledIds(prompts.texts, used.length, { tokenize, length: workload.input_tokens })
    : await tokenize(used);
  return ids.map((input, index) => {
    if (input.length === 0) throw withoutTokens(prompts.source, index);
    return input.slice(0, workload.input_tokens);
  });
}

async function filledIds(
  passages: readonly string[],
  count: number,
  { tokenize, length }: { readonly tokenize: Tokenize; readonly length: number },
): Promise<readonly (readonly number[])[]> {
  for (let perToken = FIRST_CHARACTERS_PER_TOKEN; perToken <= LAST_CHARACTERS_PER_TOKEN; perToken *= 2) {
    const texts = Array.from({ length: count }, (_, start) => joinedFrom(passages, start, perToken * length));
    const ids = await tokenize(texts);
    if (ids.every((input) => input.length >= length)) return ids;
  }
  throw new LemError("engine.unsupported", `the engine's tokenizer makes no ${length} tokens of any built-in text`, {
    hint: "the model's tokenizer may be damaged; use synthetic lengths to measure without it",
    place: { path: "workload.prompts" },
  });
}

/** Passages from one on, in a circle, until they have the given number of characters. */
function joinedFrom(passages: readonly string[], start: number, characters: number): string {
  const parts: string[] = [];
  for (let index = start, total = 0; total < characters; index++) {
    const passage = passages[index % passages.length] ?? "";
    parts.push(passage);
    total += passage.length + 2;
  }
  return parts.join("\n\n");
}

const withoutTokens = (source: string, index: number): LemError =>
  new LemError("workload.file", `prompt ${index + 1} of ${source} has no tokens`, {
    hint: "remove it, or write some text in it",
    place: { path: "workload.prompts" },
  });
