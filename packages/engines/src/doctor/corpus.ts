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

/** For each engine, whether its parameters can be checked before a run: for the installed version, or at all. */
export const corpusChecks = (
  located: readonly LocatedEngine[],
  { findCorpus }: Pick<DoctorOptions, "findCorpus">,
): readonly DoctorCheck[] => located.map((engine) => corpusCheck(engine, findCorpus));

function corpusCheck({ adapter, installation }: LocatedEngine, findCorpus: DoctorOptions["findCorpus"]): DoctorCheck {
  const [id, title] = [`corpus.${adapter.id}`, adapter.title];
  const version = installation.status === "installed" ? installation.version : undefined;
  const why = "parameters of the engine's sections are not checked before a run";
  try {
    return checkOf(findCorpus(adapter.id, version), { id, title, version, why });
  } catch (error) {
    if (!(error instanceof LemError)) throw error;
    return missingCheck(id, title, { found: "not readable", why: error.message, todo: error.hint ?? null });
  }
}

interface Subject {
  readonly id: string;
  readonly title: string;
  readonly version: string | undefined;
  readonly why: string;
}

function checkOf(finding: CorpusFinding, { id, title, version, why }: Subject): DoctorCheck {
  if (finding.status === "missing") return missingCheck(id, title, { found: "none", why, todo: null });
  if (finding.status === "exact" || version === undefined) return okCheck(id, title, finding.version);
  return warnCheck(id, title, {
    found: `of ${finding.version}`,
    why: `${version} is installed: parameters that changed in between are judged by the other version`,
    todo: `lem engines install ${id.slice("corpus.".length)}`,
  });
}
