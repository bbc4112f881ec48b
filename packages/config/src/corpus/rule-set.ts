import { decodeValue, type Values } from "../invariants/index.ts";
import { CompiledEntry } from "./compiled-entry.ts";
import type { Corpus } from "./corpus.ts";
import { entryName } from "./entry-name.ts";
import { readEntry } from "./entry-rules.ts";
import { damaged, isRecord, parseCorpus, type ExpectedCorpus } from "./parse-corpus.ts";
import type { EntryConfig, EntryVerdict } from "./verdict.ts";

/** The profile of a machine without an accelerator, which every engine is mined in first. */
export const USUAL_PROFILE = "cpu";

/** The class of a native section, and the key that picked it. */
export interface SectionEntry {
  readonly entry: string;
  readonly key: string | undefined;
}

/** The rules of one engine version. The rules of a class are read and compiled when it is first asked for. */
export class RuleSet {
  readonly corpus: Corpus;
  readonly #file: string;
  readonly #entries = new Map<string, CompiledEntry>();
  readonly #factsByProfile = new Map<string, Values>();
  #domains: Values | undefined;

  constructor(corpus: Corpus, file: string) {
    this.corpus = corpus;
    this.#file = file;
  }

  /** The classes that there are rules for, by public name. */
  get entries(): readonly string[] {
    return Object.keys(this.corpus.entries);
  }

  /** Judges one configuration. @throws LemError `config.wrong-type` for a value that is none, or for damaged rules */
  evaluate({ entry, set, profile = this.profileOn(USUAL_PROFILE) }: EntryConfig): EntryVerdict {
    const rules = this.entry(entry, profile);
    if (rules === undefined) return { verdict: "unsupported", profile, abstained: 0, rules: [], effective: new Map() };
    return rules.judge(decodeSet(set), profile);
  }

  /** The profile to judge by on a machine: its own; for an engine that runs on no such machine, the first one mined. */
  profileOn(machine: string = USUAL_PROFILE): string {
    const mined = Object.keys(this.corpus.profiles);
    const [first = machine] = mined;
    return mined.includes(machine) || mined.includes(USUAL_PROFILE) ? machine : first;
  }

  /** The class that a native section constructs; a key of the section may pick it, and is then no keyword of it. */
  sectionEntry(section: string, textAt: (key: string) => unknown): SectionEntry | undefined {
    const held = Object.hasOwn(this.corpus.sections, section) ? this.corpus.sections[section] : undefined;
    if (held === undefined) return undefined;
    if (typeof held === "string") return { entry: held, key: undefined };
    const chosen = textAt(held.key);
    const entry = typeof chosen === "string" && Object.hasOwn(held.entries, chosen) ? held.entries[chosen] : undefined;
    return entry === undefined ? undefined : { entry, key: held.key };
  }

  /** Whether a native section constructs a class that was mined in a profile: else nothing is known of what it refuses. */
  covers(section: string, profile: string): boolean {
    const held = Object.hasOwn(this.corpus.sections, section) ? this.corpus.sections[section] : undefined;
    if (typeof held !== "string") return held !== undefined;
    const entry = this.entry(held, profile);
    const everywhere = entry === undefined ? undefined : this.corpus.entries[entry.model.entry];
    return entry !== undefined && (entry.model.rules.length > 0 || everywhere?.rules.length === 0);
  }

  /** The compiled rules of a class in a profile; undefined where there are none. @throws LemError for damaged ones */
  entry(name: string, profile: string = USUAL_PROFILE): CompiledEntry | undefined {
    const everywhere = ` ${name}`;
    const known = this.#entries.get(everywhere) ?? this.#entries.get(`${profile}${everywhere}`);
    if (known !== undefined) return known;
    const entry = entryName(this.corpus, name);
    if (entry === undefined) return undefined;
    const reading = { file: this.#file, profile, mined: Object.keys(this.corpus.profiles) };
    const model = readEntry(entry, this.corpus.entries[entry], reading);
    const options = {
      domains: this.#namedConstants(),
      factsOf: (each: string) => this.#facts(each),
      entryOf: (each: string, on: string) => this.entry(each, on),
    };
    const compiled = new CompiledEntry(model, options);
    this.#entries.set(model.isSameEverywhere ? everywhere : `${profile}${everywhere}`, compiled);
    return compiled;
  }

  #namedConstants(): Values {
    this.#domains ??= this.#decoded(this.corpus.domains, "domains");
    return this.#domains;
  }

  /** Nothing is known of a profile that was not mined. */
  #facts(profile: string): Values {
    if (!Object.hasOwn(this.corpus.profiles, profile)) return new Map();
    const known = this.#factsByProfile.get(profile);
    if (known !== undefined) return known;
    const held: unknown = this.corpus.profiles[profile]?.facts;
    if (!isRecord(held)) return this.#fail(`profile ${profile} has no facts`);
    const facts = this.#decoded(held, `profile ${profile}`);
    this.#factsByProfile.set(profile, facts);
    return facts;
  }

  #decoded(held: Readonly<Record<string, unknown>>, what: string): Values {
    try {
      return decodeSet(held);
    } catch (cause) {
      return this.#fail(`${what} holds what is no value`, cause);
    }
  }

  #fail(what: string, cause?: unknown): never {
    throw damaged(this.#file, what, cause);
  }
}

const decodeSet = (set: Readonly<Record<string, unknown>>): Values =>
  new Map(Object.entries(set).map(([name, value]) => [name, decodeValue(value)]));

/** Reads the text of compiled rules. @throws LemError `config.corpus-invalid` or `config.schema-version` */
export const readRuleSet = (text: string, expected: ExpectedCorpus): RuleSet =>
  new RuleSet(parseCorpus(text, expected), expected.file);
