import { LemError } from "@lem/domain";
import type { LocatedEngine } from "./engines.ts";
import {
  missingCheck,
  okCheck,
  warnCheck,
  type CorpusFinding,
  type DoctorCheck,
  type DoctorOptions,
} from "./report.ts";

type Find = Pick<DoctorOptions, "findCorpus" | "findRules">;

/** For each engine, whether its parameters can be checked before a run, by their types and by the engine's own rules. */
export const corpusChecks = (located: readonly LocatedEngine[], find: Find): readonly DoctorCheck[] =>
  located.map((engine) => corpusCheck(engine, find));

function corpusCheck({ adapter, installation }: LocatedEngine, { findCorpus, findRules }: Find): DoctorCheck {
  const [id, title] = [`corpus.${adapter.id}`, adapter.title];
  const version = installation.status === "installed" ? installation.version : undefined;
  try {
    const found = { schema: findCorpus(adapter.id, version), rules: findRules(adapter.id, version) };
    return checkOf(found, { id, title, version });
  } catch (error) {
    if (!(error instanceof LemError)) throw error;
    return missingCheck(id, title, { found: "not readable", why: error.message, todo: error.hint ?? null });
  }
}

interface Found {
  readonly schema: CorpusFinding;
  readonly rules: CorpusFinding;
}

interface Subject {
  readonly id: string;
  readonly title: string;
  readonly version: string | undefined;
}

function checkOf({ schema, rules }: Found, { id, title, version }: Subject): DoctorCheck {
  if (schema.status === "missing" && rules.status === "missing")
    return missingCheck(id, title, {
      found: "none",
      why: "parameters of the engine's sections are not checked before a run",
      todo: null,
    });
  const found = foundText(schema, rules);
  const lacks = lackText(schema, rules);
  if (lacks !== undefined) return warnCheck(id, title, { found, why: lacks, todo: null });
  if (version === undefined || (isExact(schema) && isExact(rules))) return okCheck(id, title, found);
  return warnCheck(id, title, {
    found,
    why: `${version} is installed: what changed in between is judged by the other version`,
    todo: `lem engines install ${id.slice("corpus.".length)}`,
  });
}

const isExact = ({ status }: CorpusFinding): boolean => status === "exact";

/** `5.23.0`, or each part with its version where they differ. */
function foundText(schema: CorpusFinding, rules: CorpusFinding): string {
  if (schema.status !== "missing" && rules.status !== "missing" && schema.version === rules.version)
    return `parameters and rules of ${schema.version}`;
  const parts = [
    ...(schema.status === "missing" ? [] : [`parameters of ${schema.version}`]),
    ...(rules.status === "missing" ? [] : [`rules of ${rules.version}`]),
  ];
  return parts.join(", ");
}

function lackText(schema: CorpusFinding, rules: CorpusFinding): string | undefined {
  if (rules.status === "missing")
    return "no rules: what the engine refuses, ignores or changes shows only when it runs";
  return schema.status === "missing" ? "no parameter schema: names and types are not checked before a run" : undefined;
}
