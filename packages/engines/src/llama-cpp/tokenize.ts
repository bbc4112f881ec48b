import type { LlamaModel } from "node-llama-cpp";
import type { Requests } from "../worker/protocol.ts";

/**
 * Token ids of texts. Text that spells a special token becomes that token, as in the tokenizers of other engines. With
 * `add_special_tokens` the model's own settings say whether a token for the beginning comes first and one for the end
 * comes last; many models want neither.
 */
export function tokenizeTexts(
  model: LlamaModel,
  { texts, add_special_tokens }: Requests["tokenize"],
): readonly (readonly number[])[] {
  const { bos, eos, shouldPrependBosToken, shouldAppendEosToken } = model.tokens;
  const first = add_special_tokens && shouldPrependBosToken && bos !== null ? [bos] : [];
  const last = add_special_tokens && shouldAppendEosToken && eos !== null ? [eos] : [];
  return texts.map((text) => [...first, ...model.tokenize(text, true), ...last]);
}
