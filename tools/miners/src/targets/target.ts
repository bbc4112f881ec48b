import type { JsonValue } from "@lem/domain";

/** A call that the engine makes on an object of the class before it is used. */
export interface TargetCall {
  readonly method: string;
  /** Tagged values, as in a probe request. */
  readonly keywords: Readonly<Record<string, JsonValue>>;
  /** What a refusal by this call means to a user of the class. */
  readonly severity: "error" | "warn";
}

/** A configuration class that users construct, by its public name. */
export interface EntryClass {
  /** Dotted public name: re-exports are followed. */
  readonly name: string;
  /** Runs after the construction, in this order. */
  readonly calls: readonly TargetCall[];
  /** Beginnings of the paths of the files that are looked at; all where none is named. */
  readonly within?: readonly string[] | undefined;
  /** Whether some versions lack it. */
  readonly optional?: boolean | undefined;
  /** What stands in for a folder of the user's, without which it cannot be constructed. */
  readonly folder?: EntryFolder | undefined;
}

/** A keyword that takes a folder of the user's, and unlike folders to construct a class with. */
export interface EntryFolder {
  readonly keyword: string;
  /** By kind; only what all of them refuse is a rule. The first is what most users have. */
  readonly fixtures: Readonly<Record<string, readonly FixtureStep[]>>;
}

/** Every descendant of one class in the modules of one package. */
export interface EntryFamily {
  /** Dotted name of the base class. */
  readonly base: string;
  /** Dotted name of the module whose classes are looked at. */
  readonly module: string;
  /** The package that users import them from; a class that it does not export goes by its module. */
  readonly public: string;
  /** Descendants that nobody constructs, by their name in the module; nor one that begins with `_`. */
  readonly except: readonly string[];
  readonly calls: readonly TargetCall[];
}

/**
 * One step in making a fixture: a call of a function by its dotted name, or of a method of what an earlier step made.
 * Arguments are tagged values, `{$folder: path}` for a path in the fixture's folder, `{$made: name}` for an earlier result.
 */
export interface FixtureStep {
  readonly as?: string | undefined;
  readonly on?: string | undefined;
  readonly call: string;
  readonly arguments: readonly JsonValue[];
  readonly keywords: Readonly<Record<string, JsonValue>>;
}

/** A function that users call with a folder of theirs and keywords, and whose keywords are mined. */
export interface TargetFunction {
  /** Dotted public name. */
  readonly name: string;
  /** Functions in whose source a keyword must be named, so that it is one in this version. */
  readonly named_by: readonly string[];
  /** Keywords that vary, with values worth trying besides the usual ones, tagged. */
  readonly keywords: Readonly<Record<string, readonly JsonValue[]>>;
  /** Folders to call it with; only what all of them refuse is a rule. */
  readonly fixtures: readonly (readonly FixtureStep[])[];
  /** Modules whose functions say what is installed on a machine. */
  readonly machine: readonly string[];
  /** Inputs that are drawn of each stratum: a call costs more than a construction. */
  readonly inputs: number;
}

/** A section of the YAML that is one of several classes, by the value of a key. */
export interface SectionChoice {
  readonly key: string;
  /** Dotted name of a dict in the engine's source, from the key's value to the class. */
  readonly mapping: string | null;
  /** Values that the dict lacks, with the class; they win. */
  readonly entries: Readonly<Record<string, string>>;
}

/** A compiled extension, of which the source has the binding files: modules that look like it are made of them. */
export interface NativeExtension {
  /** Dotted name of the extension's module. */
  readonly module: string;
  /** Glob patterns of nanobind or pybind11 files, relative to the folder of the source. */
  readonly bindings: readonly string[];
  /** Of C++ files that give named constants their values. */
  readonly headers: readonly string[];
}

/** What stands in for all that an engine imports and a machine without its hardware cannot have. */
export interface StandIns {
  readonly native: readonly NativeExtension[];
  /** Packages that answer every name with an invented object, which no rule may hang on. */
  readonly permissive: readonly string[];
  /** Packages whose `__init__` is not run; names are looked up where it would import them from. */
  readonly lazy: readonly string[];
  /** Values by dotted name, tagged, that no source writes out. */
  readonly answers: Readonly<Record<string, JsonValue>>;
}

/** Where native code checks what the constructors let pass. */
export interface LateChecks {
  /** Globs of C++ files, relative to the folder of the source. */
  readonly files: readonly string[];
  /** Macros or functions that check their first argument. */
  readonly checks: readonly string[];
}

/** A kind of machine that the probe only pretends to be. */
export interface TargetProfile {
  /** By dotted name of a function or attribute of any package: the tagged value that it gives there. Names that a version lacks are left out. */
  readonly pretend: Readonly<Record<string, JsonValue>>;
  /** Packages that this machine lacks and that one has, which answer as those of {@link StandIns}. */
  readonly permissive: readonly string[];
  /** The classes that are mined for it; all unless told. Nothing is claimed of the others there. */
  readonly classes?: readonly string[] | undefined;
  /** By dotted name, the values that the engine must show once all is pretended: a pretence that fails is noticed. */
  readonly shows: Readonly<Record<string, JsonValue>>;
}

/** What the miner must be told of an engine; it holds for all versions, and names all that is the engine's own. */
export interface Target {
  /** One of lem's engines; any other name for a package that is mined by a file of its own. */
  readonly engine: string;
  /** Names of the package in an index, the preferred one first. */
  readonly packages: readonly string[];
  /** Top folder of the import package. */
  readonly root: string;
  readonly classes: readonly EntryClass[];
  readonly families: readonly EntryFamily[];
  readonly functions: readonly TargetFunction[];
  /** Sections of the YAML, with the class that they are keywords of. */
  readonly sections: Readonly<Record<string, string | SectionChoice>>;
  /** Dotted names that must exist before mining starts: without them the engine was rebuilt, and silence means nothing. */
  readonly landmarks: readonly string[];
  /** Keywords by entry without which it cannot be constructed at all, tagged. */
  readonly fixtures: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** Environment that the engine is probed in. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that name a folder for what the engine finds out once, and may keep from probe to probe. */
  readonly keeps: readonly string[];
  /** Inputs drawn of each stratum of a class, where there are so many classes that less must do. */
  readonly inputs?: number | undefined;
  /** For a source folder that is probed as it is; null where the engine is installed. */
  readonly stand_ins: StandIns | null;
  /** Native checks that run later than the constructors; they are listed, never claimed. */
  readonly late: LateChecks | null;
  /** By name; none for an engine that is mined as this machine is. The first is the usual one. */
  readonly profiles: Readonly<Record<string, TargetProfile>>;
}

/** Names of the methods that run after the construction, each once. */
export const methodsOf = (calls: readonly TargetCall[]): readonly string[] => [
  ...new Set(calls.map(({ method }) => method)),
];

/** The fact profile that a target is mined in unless told. */
export const usualProfile = ({ profiles }: Pick<Target, "profiles">): string => Object.keys(profiles)[0] ?? "cpu";

/** The fact profiles of a target, the usual one first; one that pretends nothing is this machine. */
export const profilesOf = ({
  profiles,
}: Pick<Target, "profiles">): readonly { readonly name: string; readonly isPretended: boolean }[] => {
  const named = Object.entries(profiles).map(([name, { pretend }]) => ({
    name,
    isPretended: Object.keys(pretend).length > 0,
  }));
  return named.length === 0 ? [{ name: "cpu", isPretended: false }] : named;
};

/** A target as far as it is mined for one of its profiles. */
export function inProfile(target: Target, profile: string): Target {
  const only = target.profiles[profile]?.classes;
  if (only === undefined) return target;
  return { ...target, classes: target.classes.filter(({ name }) => only.includes(name)), families: [], functions: [] };
}
