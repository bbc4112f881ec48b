import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fromSystemError, LemError, type EngineId } from "@lem/domain";
import { parse } from "yaml";
import { z } from "zod";

/** Builds for a kind of GPU: NVIDIA's own, or any with a Vulkan driver. */
export type GpuVariant = "cuda" | "vulkan";

/** The builds of an engine: for processors only, or for NVIDIA GPUs. */
export type EngineVariant = "cpu" | "cuda";

/** One build of an engine, as `engine_versions/<engine>.yaml` names it. */
export interface EngineBuild {
  /** Name in the package index that the installer uses. */
  readonly package: string;
  readonly version: string;
  /** Oldest Python that it supports: `3.11`. */
  readonly python?: string;
  /** Packages installed beside it, each pinned. */
  readonly requires: readonly string[];
  /**
   * Pinned packages that are installed last, and with them the engine's own, all without what they ask for: for a build
   * whose own requirements would bring what it does not need.
   */
  readonly bare?: readonly string[];
  /** Name under which the engine looks up its own version, where its package has another. */
  readonly distribution?: string;
  /** Modules that must be importable after the installation; the default is the package's own name. */
  readonly imports?: readonly string[];
  /** Container image with its tag. */
  readonly image?: string;
  /** Digest of that image. */
  readonly digest?: string;
  /** A further package index, used only where it answers. */
  readonly extra_index?: string;
  /** Room that an installation takes, in GB (1e9 bytes). */
  readonly disk_gb?: number;
}

/** What lem knows of the versions of one engine. */
export interface EngineVersions {
  readonly title: string;
  /** `pip`: into a virtual environment. `embedded`: comes with lem. Absent: lem does not install it. */
  readonly installer?: "pip" | "embedded";
  readonly current: string;
  readonly supported: readonly string[];
  /**
   * Further versions that are mined but not installed, each with the supported one in whose environment their Python files
   * are proven.
   */
  readonly mined_in?: Readonly<Record<string, string>>;
  readonly variants: Readonly<Partial<Record<EngineVariant, EngineBuild>>>;
}

const PINNED = z.string().regex(/^[\w.-]+(\[[\w.,-]+\])?==[\w.+!]+$/, "a requirement is pinned: name==version");

const BUILD: z.ZodType<EngineBuild> = z.strictObject({
  package: z.string().min(1),
  version: z.string().min(1),
  python: z
    .string()
    .regex(/^3\.\d+$/)
    .exactOptional(),
  requires: z.array(PINNED),
  bare: z.array(PINNED).exactOptional(),
  distribution: z.string().min(1).exactOptional(),
  imports: z.array(z.string().min(1)).exactOptional(),
  image: z.string().exactOptional(),
  digest: z.string().startsWith("sha256:").exactOptional(),
  extra_index: z.url({ protocol: /^https$/ }).exactOptional(),
  disk_gb: z.number().positive().exactOptional(),
});

const VERSIONS: z.ZodType<EngineVersions> = z
  .strictObject({
    title: z.string().min(1),
    installer: z.enum(["pip", "embedded"]).exactOptional(),
    current: z.string().min(1),
    supported: z.array(z.string().min(1)).min(1),
    mined_in: z.record(z.string().min(1), z.string().min(1)).exactOptional(),
    variants: z.strictObject({ cpu: BUILD.exactOptional(), cuda: BUILD.exactOptional() }),
  })
  .refine(({ current, supported }) => supported.includes(current), "`current` is among `supported`")
  .refine(
    ({ current, variants }) => Object.values(variants).every((build) => build.version === current),
    "every variant is of the version `current`",
  )
  .refine(
    ({ supported, mined_in: borrowed = {} }) =>
      Object.entries(borrowed).every(([version, host]) => !supported.includes(version) && supported.includes(host)),
    "a version of `mined_in` is not supported itself, and is mined in one that is",
  );

/** Reads `engine_versions/<engine>.yaml`. @throws LemError `internal.bug` when the file breaks its own format */
export function readEngineVersions(engine: EngineId): EngineVersions {
  const file = fileURLToPath(import.meta.resolve(`@lem/engine-versions/${engine}.yaml`));
  return parseEngineVersions(readText(file), file);
}

/** Checks the text of such a file. @throws LemError `internal.bug` with the first problem */
export function parseEngineVersions(text: string, file: string): EngineVersions {
  const outcome = VERSIONS.safeParse(parse(text));
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new LemError("internal.bug", `${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not understood"}`, {
    place: { file },
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw fromSystemError(error, `reading ${file}`);
  }
}
