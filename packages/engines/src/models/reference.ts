import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { LemError } from "@lem/domain";
import { suggestion } from "@lem/config/suggest";
import type { Env } from "../paths.ts";
import { ALIASES, type ModelAlias } from "./aliases.ts";
import { TINY_NAME } from "./tiny.ts";

/** A model of the hub, as written: `org/name`, `org/name@revision`, `org/name:file.gguf`, `org/name@revision:file.gguf`. */
export interface HubReference {
  readonly kind: "hub";
  readonly repo: string;
  readonly revision?: string;
  readonly file?: string;
}

/** What a model name means; paths are absolute and exist. */
export type ModelReference =
  | { readonly kind: "alias"; readonly alias: ModelAlias }
  | { readonly kind: "builtin" }
  | { readonly kind: "dummy"; readonly config: string }
  | { readonly kind: "folder" | "gguf"; readonly path: string }
  | HubReference;

/** What paths in a model name count from. */
export interface ReferenceContext {
  readonly cwd: string;
  readonly env: Env;
}

const HUB_ID = /^([\w.-]+\/[\w.-]+)(?:@([\w][\w./-]*))?(?::([\w][\w./ -]*\.gguf))?$/;
const PATH_LIKE = /^(?:\.{0,2}\/|~\/|\.{1,2}$)|\.gguf$/;

/**
 * Reads a model name. An alias wins over a path, an existing path over a hub id.
 * @throws LemError `model.unknown` with the nearest name, `model.not-found` for a path that does not exist
 */
export async function parseReference(model: string, context: ReferenceContext): Promise<ModelReference> {
  const text = model.trim();
  const alias = ALIASES.find(({ name }) => name === text);
  if (alias !== undefined) return { kind: "alias", alias };
  if (text === TINY_NAME) return { kind: "builtin" };
  if (text.startsWith("dummy:")) return dummyReference(text.slice("dummy:".length), context);
  const path = absolute(text, context);
  const found = text === "" ? undefined : await kindOf(path);
  if (found !== undefined) return { kind: found === "folder" ? "folder" : "gguf", path };
  const hub = PATH_LIKE.test(text) && !text.includes(":") ? null : HUB_ID.exec(text);
  if (hub !== null) return hubReference(hub);
  throw PATH_LIKE.test(text) ? notFound(model, path) : unknown(model);
}

async function dummyReference(text: string, context: ReferenceContext): Promise<ModelReference> {
  const path = absolute(text, context);
  const found = text === "" ? undefined : await kindOf(path);
  if (found === undefined) throw notFound(`dummy:${text}`, path);
  const config = found === "folder" ? join(path, "config.json") : path;
  if ((await kindOf(config)) !== "file") throw notFound(`dummy:${text}`, config);
  return { kind: "dummy", config };
}

function hubReference(match: RegExpExecArray): HubReference {
  const [, repo = "", revision, file] = match;
  const place = { ...(revision === undefined ? {} : { revision }), ...(file === undefined ? {} : { file }) };
  if (!`/${file ?? ""}/${revision ?? ""}/`.includes("/../")) return { kind: "hub", repo, ...place };
  throw unknown(match[0]);
}

function absolute(text: string, { cwd, env }: ReferenceContext): string {
  const home = env["HOME"] ?? homedir();
  const expanded = text.startsWith("~/") ? join(home, text.slice(2)) : text;
  return isAbsolute(expanded) ? expanded : resolve(cwd, expanded);
}

async function kindOf(path: string): Promise<"folder" | "file" | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? "folder" : "file";
}

function notFound(model: string, path: string): LemError {
  return new LemError("model.not-found", `model "${model}": there is nothing at ${path}`, {
    hint: "check the path; relative paths count from the working folder",
    place: { path: "model" },
    context: { path },
  });
}

function unknown(model: string): LemError {
  const names = [...ALIASES.map(({ name }) => name), TINY_NAME];
  const forms = `a name (${names.join(", ")}), org/name[@revision][:file.gguf], a folder, a .gguf file or dummy:<config.json>`;
  const near = suggestion(model, names);
  return new LemError("model.unknown", `"${model}" is no model`, {
    hint: near?.startsWith("did you mean") === true ? near : `write ${forms}`,
    place: { path: "model" },
    context: { model, names },
  });
}
