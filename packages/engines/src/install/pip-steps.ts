import type { EngineBuild } from "../versions.ts";

/** One call of pip. */
export interface PipStep {
  readonly names: readonly string[];
  readonly options: readonly string[];
}

/** Options of every call: nothing is asked, nothing drawn. */
export const PLAIN: readonly string[] = [
  "--no-input",
  "--disable-pip-version-check",
  "--no-color",
  "--progress-bar",
  "off",
];

/** A build in the version that is asked for. */
interface VersionedBuild {
  readonly build: EngineBuild;
  readonly version: string;
}

/** The calls of pip that install a build, in their order. */
export function pipSteps({ build, version }: VersionedBuild): readonly PipStep[] {
  const own = `${build.package}==${version}`;
  if (build.bare === undefined) return [{ names: [own, ...build.requires], options: [] }];
  return [
    { names: build.requires, options: [] },
    { names: [own, ...build.bare], options: ["--no-deps"] },
  ];
}

/** Names of the packages that a build asks for, its own first, without extras. */
export const packageNames = ({ build }: VersionedBuild): readonly string[] => [
  build.package,
  ...[...build.requires, ...(build.bare ?? [])].map((text) => /^[\w.-]+/.exec(text)?.[0] ?? text),
];
