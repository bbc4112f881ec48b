import type { JsonObject } from "@lem/domain";

/** A byte-level BPE vocabulary for models without text of their own; every UTF-8 text has token ids below its size. */
export interface TinyTokenizer {
  /** Token texts by id: end of text, 256 bytes, merged pairs. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** The one special token: beginning, end and padding at once; its id is 0. */
export const END_OF_TEXT = "<|endoftext|>";

/** Frequent pairs of English, the earlier the stronger; `Ġ` is a space in front. */
const MERGES =
  "Ġ t|h e|Ġ a|i n|Ġt he|r e|o n|e r|Ġ s|a t|Ġ w|Ġ o|e n|n d|Ġ c|i t|o r|e s|i s|a n|Ġ b|Ġ f|o u|Ġ p|e d|in g|Ġ m|Ġo f|a l|" +
  "Ġa nd|Ġ h|Ġt o|Ġ d|l l|a r|Ġ in|o m|l e|Ġ l|Ġ n|i c|s t|v e|Ġb e|Ġw h|a s|i on|Ġ g|l y|Ġ is|Ġh e|Ġt h|Ġth at|" +
  "en t|o t|i d|Ġ re|Ġf or|Ġ y|Ġ I|o w|u t|g h";

/** Makes the vocabulary: 320 tokens, the same on every machine. */
export function tinyTokenizer(): TinyTokenizer {
  const merges = MERGES.split("|").map((pair): [string, string] => {
    const [left = "", right = ""] = pair.split(" ");
    return [left, right];
  });
  return { tokens: [END_OF_TEXT, ...byteTexts(), ...merges.map(([left, right]) => left + right)], merges };
}

/** GPT-2's printable stand-ins for bytes: printable ones stand for themselves, others for code points from 256 up. */
function byteTexts(): string[] {
  let shifted = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte < 0xad) || byte > 0xad;
    if (printable) return String.fromCharCode(byte);
    shifted += 1;
    return String.fromCharCode(shifted - 1);
  });
}

const BYTE_LEVEL = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true } as const;
const CHAT =
  "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}";

/** The tokenizer as the files of a Hugging Face folder, by name. */
export function tokenizerFiles(tokenizer: TinyTokenizer, context: number): Readonly<Record<string, JsonObject>> {
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    "tokenizer.json": {
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [{ id: 0, content: END_OF_TEXT, ...special }],
      normalizer: null,
      pre_tokenizer: BYTE_LEVEL,
      post_processor: null,
      decoder: BYTE_LEVEL,
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(tokenizer.tokens.map((text, id) => [text, id])),
        merges: tokenizer.merges,
      },
    },
    "tokenizer_config.json": {
      tokenizer_class: "PreTrainedTokenizerFast",
      bos_token: END_OF_TEXT,
      eos_token: END_OF_TEXT,
      pad_token: END_OF_TEXT,
      clean_up_tokenization_spaces: false,
      model_max_length: context,
      chat_template: CHAT,
    },
  };
}

/** The template that both formats carry. */
export const CHAT_TEMPLATE: string = CHAT;
