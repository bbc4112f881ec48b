import type { EntryRecipe } from "../../probe/node/child.ts";
import type { Step } from "../../probe/node/steps.ts";

/** The function that takes options, and how the walk calls it. */
export interface WalkTarget {
  /** Path of the file in the package. */
  readonly path: string;
  readonly cls: string;
  readonly method: string;
  /** What its object is in the probe; null for a static method. */
  readonly self: string | null;
  /** JSON, with `{$input: true}` for the options and `{$live: path}` for what the probe holds. */
  readonly arguments: readonly unknown[];
  /** The name under which the recipe keeps what it gives; null where that is not looked at. */
  readonly result: string | null;
}

/** A kind of options that users write. */
export interface OptionsTarget {
  /** Package and type: `some-package.SomeOptions`. */
  readonly name: string;
  /** The file that declares the type. */
  readonly declared: string;
  /** Keys that users do not write. */
  readonly without: readonly string[];
  readonly walk: WalkTarget;
  readonly recipe: EntryRecipe;
  /** Inputs that are drawn of each stratum: trying one costs more than a construction. */
  readonly inputs: number;
}

/** What the miner must be told of an engine that is a package for Node; all that is the engine's own. */
export interface JavaScriptTarget {
  readonly engine: string;
  readonly package: string;
  /** The file that is imported. */
  readonly main: string;
  /** The folder of its program, and that of its native sources. */
  readonly program: string;
  readonly native: string | null;
  /** What must exist before anything is mined. */
  readonly landmarks: readonly string[];
  /** Models to try options with, by name: a reference, or a configuration that a model is made of. */
  readonly models: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
  /** Small files by name, in base64, that options may name. */
  readonly files: Readonly<Record<string, string>>;
  readonly start: readonly Step[];
  /** Paths of values that one configuration must not leave changed to the next. */
  readonly restore: readonly string[];
  /** Values beneath this are the machine's. */
  readonly machine: string;
  /** By name of a function or path of a value, what it is on a machine that has enough of everything. */
  readonly stands: Readonly<Record<string, unknown>>;
  readonly options: readonly OptionsTarget[];
  /** Sections of the YAML, with the options that they are. */
  readonly sections: Readonly<Record<string, string>>;
}
