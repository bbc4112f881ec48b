import { LemError, sha256 } from "@lem/domain";
import type { Corpus } from "./corpus.ts";

/** What rules must be of, and what they were compiled from where that is at hand. */
export interface ExpectedCorpus {
  readonly engine: string;
  readonly version: string;
  /** Its path, for errors. */
  readonly file: string;
  /** Bytes of the reviewed YAML. */
  readonly reviewed?: Uint8Array | undefined;
}

const SCHEMA_VERSION = 1;
const REPAIR = "install lem again; in a checkout, compile the rules again with pnpm mine";

/**
 * Reads compiled rules and checks that they are whole: the format, the engine and version, and both hashes. What
 * stands in an entry is checked when that entry is used.
 * @throws LemError `config.corpus-invalid` or `config.schema-version`
 */
export function parseCorpus(text: string, expected: ExpectedCorpus): Corpus {
  const { file, engine, version } = expected;
  const corpus = parsed(text, file);
  if (typeof corpus.schema_version === "number" && corpus.schema_version > SCHEMA_VERSION)
    throw new LemError(
      "config.schema-version",
      `the rules ${file} are of format ${corpus.schema_version}, and this lem reads ${SCHEMA_VERSION}`,
      { place: { file }, hint: "install a newer lem" },
    );
  const wrong = mistakeOf(corpus);
  if (wrong !== undefined) throw damaged(file, wrong);
  if (corpus.engine !== engine || corpus.engine_version !== version)
    throw damaged(file, `they are of ${corpus.engine} ${corpus.engine_version}, not ${engine} ${version}`);
  checkHashes(corpus, text, expected);
  return corpus;
}

/** The error of rules that cannot be used. */
export const damaged = (file: string, what: string, cause?: unknown): LemError =>
  new LemError("config.corpus-invalid", `the rules ${file} are damaged: ${what}`, {
    place: { file },
    hint: REPAIR,
    ...(cause === undefined ? {} : { cause }),
  });

function parsed(text: string, file: string): Corpus {
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return json as unknown as Corpus;
  } catch (cause) {
    throw damaged(file, "not valid JSON", cause);
  }
  throw damaged(file, "no object");
}

/** True for an object that is no array. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);

function mistakeOf(corpus: Corpus): string | undefined {
  if (corpus.schema_version !== SCHEMA_VERSION) return "no schema_version";
  const texts = ["engine", "engine_version", "source_sha256", "validated_sha256"] as const;
  const text = texts.find((key) => typeof corpus[key] !== "string");
  if (text !== undefined) return `no ${text}`;
  const maps = ["profiles", "domains", "sections", "entries"] as const;
  const map = maps.find((key) => !isRecord(corpus[key]));
  return map === undefined ? undefined : `no ${map}`;
}

const SEAL = /"content_sha256":\s?"([0-9a-f]{64})"/;

function checkHashes(corpus: Corpus, text: string, { file, reviewed }: ExpectedCorpus): void {
  const seal = SEAL.exec(text)?.[1];
  if (corpus.content_sha256 !== undefined && (seal === undefined || sha256(text.replace(seal, "")) !== seal))
    throw damaged(file, "their content is not what their hash says");
  if (reviewed !== undefined && sha256(reviewed) !== corpus.validated_sha256)
    throw damaged(file, "they were compiled from other rules than the reviewed ones beside them");
}

/** The text of compiled rules with the hash of that text in it. */
export function sealCorpus(corpus: Corpus): string {
  const text = `${JSON.stringify({ ...corpus, content_sha256: "" })}\n`;
  return text.replace('"content_sha256":""', `"content_sha256":"${sha256(text)}"`);
}
