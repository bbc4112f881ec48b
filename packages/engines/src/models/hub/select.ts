import { LemError } from "@lem/domain";
import type { ModelFormat } from "../../adapter.ts";
import type { HubFile } from "./client.ts";

/** What of a hub model is fetched. */
export interface Selection {
  readonly format: ModelFormat;
  readonly files: readonly HubFile[];
}

/** What is wanted of a hub model. */
export interface Wanted {
  readonly repo: string;
  readonly formats: readonly ModelFormat[];
  /** One GGUF file by name. */
  readonly file?: string | undefined;
}

const FOLDER_FILES = /^[^/]+\.(?:json|jinja|txt|model)$/;
const PART_OF_SEVERAL = /-\d{5}-of-\d{5}\.gguf$/;
/** Quantisations to take where a model offers several, the most usual first. */
const USUAL = ["Q4_K_M", "Q4_1", "Q4_0", "Q5_K_M", "Q8_0", "F16", "BF16"];

/**
 * Chooses the files of a model for the first format that it offers. Pickled weights are taken only where there are no
 * safetensors; code never.
 * @throws LemError `model.format` when no format fits, `model.not-found` for a named file, `model.archive-path`
 */
export function selectFiles(files: readonly HubFile[], wanted: Wanted): Selection {
  for (const { path } of files) refuseOutside(path);
  if (wanted.file !== undefined) return { format: "gguf", files: [named(files, wanted)] };
  for (const format of wanted.formats) {
    const found = format === "gguf" ? usualGguf(files) : folderFiles(files);
    if (found.length > 0) return { format, files: found };
  }
  throw noFormat(files, wanted);
}

function refuseOutside(path: string): void {
  if (!path.startsWith("/") && !path.includes("\\") && !path.split("/").includes("..")) return;
  throw new LemError("model.archive-path", `the hub lists a file outside its folder: ${path}`);
}

function named(files: readonly HubFile[], { repo, file }: Wanted): HubFile {
  const found = files.find(({ path }) => path === file);
  if (found !== undefined) return found;
  const there = ggufNames(files);
  throw new LemError("model.not-found", `${repo} has no file ${file}`, {
    hint: there.length === 0 ? "it has no GGUF file at all" : `it has ${there.join(", ")}`,
  });
}

function usualGguf(files: readonly HubFile[]): HubFile[] {
  const whole = files.filter(({ path }) => path.endsWith(".gguf") && !PART_OF_SEVERAL.test(path));
  const usual = USUAL.map((type) => whole.find(({ path }) => path.toUpperCase().includes(type)));
  const chosen = whole.length === 1 ? whole[0] : usual.find((file) => file !== undefined);
  return chosen === undefined ? [] : [chosen];
}

function folderFiles(files: readonly HubFile[]): HubFile[] {
  if (!files.some(({ path }) => path === "config.json")) return [];
  const safe = files.filter(({ path }) => path.endsWith(".safetensors") && !path.startsWith("consolidated"));
  const weights = safe.length > 0 ? safe : files.filter(({ path }) => /^pytorch_model.*\.bin$/.test(path));
  return weights.length === 0 ? [] : [...weights, ...files.filter(({ path }) => FOLDER_FILES.test(path))];
}

const ggufNames = (files: readonly HubFile[]): string[] =>
  files.map(({ path }) => path).filter((path) => path.endsWith(".gguf"));

function noFormat(files: readonly HubFile[], { repo, formats }: Wanted): LemError {
  const there = ggufNames(files);
  const choice = there.length > 0 ? `name one of its files: ${repo}:${there[0]} (${there.join(", ")})` : undefined;
  const hint = formats.includes("gguf") ? choice : "choose an engine that loads GGUF, or a model with config.json";
  return new LemError("model.format", `${repo} has no files of the formats ${formats.join(", ")}`, {
    hint: hint ?? "choose another engine, or a model with GGUF files",
  });
}
