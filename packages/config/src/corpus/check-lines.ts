import { LemError, type JsonValue } from "@lem/domain";
import { encodeValue, parseTaggedJson } from "../invariants/index.ts";
import { isRecord } from "./parse-corpus.ts";
import type { RuleSet } from "./rule-set.ts";
import type { EntryConfig, EntryVerdict } from "./verdict.ts";

/** What holds for all lines. */
export interface CheckLinesOptions {
  readonly rules: RuleSet;
  /** Where a line names none: this machine's. */
  readonly profile: string;
  /** Said in every answer: the version of the rules, where it is not the one asked for. */
  readonly otherVersion?: string | undefined;
}

interface Question extends EntryConfig {
  readonly id: JsonValue;
  readonly profile: string;
}

/** Answers configurations, one a line of JSON, with verdicts, one a line. */
export class CheckLines {
  readonly #options: CheckLinesOptions;
  #malformed = 0;

  constructor(options: CheckLinesOptions) {
    this.#options = { ...options, profile: options.rules.profileOn(options.profile) };
  }

  /** Lines so far that held no configuration. */
  get malformed(): number {
    return this.#malformed;
  }

  /** The verdict on one line. @throws LemError for damaged rules only: what is wrong with the line is in the answer */
  answer(line: string): string {
    let id: JsonValue = null;
    try {
      const json = parseTaggedJson(line);
      if (isRecord(json)) id = plainId(json["id"] ?? null);
      return this.#judged(this.#question(json, id));
    } catch (error) {
      if (!(error instanceof LemError) || !BAD_LINE.has(error.code)) throw error;
      return this.refusal(id, error);
    }
  }

  /** The answer to a line that holds no configuration. */
  refusal(id: JsonValue, { code, message }: LemError): string {
    this.#malformed += 1;
    const { profile } = this.#options;
    const verdict = { id, verdict: "unsupported", profile, abstained: 0, rules: [], effective: {} };
    return JSON.stringify({ ...verdict, problem: { code, message } });
  }

  #question(json: JsonValue, id: JsonValue): Question {
    if (!isRecord(json)) throw new LemError("config.wrong-type", "a line is an object with entry and set");
    const { entry, set = {}, profile = this.#options.profile } = json;
    if (typeof entry !== "string") throw new LemError("config.missing-key", "entry names the class to check");
    if (!isRecord(set) || "$py" in set) throw new LemError("config.wrong-type", "set is an object of keywords");
    if (typeof profile !== "string") throw new LemError("config.wrong-type", "profile is a text");
    return { id, entry, set, profile };
  }

  #judged(question: Question): string {
    const { otherVersion, rules } = this.#options;
    const verdict = verdictJson(rules.evaluate(question));
    const version = otherVersion === undefined ? {} : { engine_version: otherVersion };
    const pretended = rules.corpus.profiles[question.profile]?.pretended === true ? { pretended: true } : {};
    return JSON.stringify({ id: question.id, ...verdict, ...pretended, ...version });
  }
}

const BAD_LINE: ReadonlySet<string> = new Set(["config.syntax", "config.wrong-type", "config.missing-key"]);

/** A number as an id comes back as it is: only values of configurations have Python's types. */
const plainId = (id: JsonValue): JsonValue => (isRecord(id) && "$py" in id ? Number(id["value"]) : id);

function verdictJson({ verdict, profile, abstained, rules, effective }: EntryVerdict): object {
  const changed = Object.fromEntries([...effective].map(([name, value]) => [name, encodeValue(value)]));
  return { verdict, profile, abstained, rules, effective: changed };
}
