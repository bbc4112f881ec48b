import { createHash } from "node:crypto";
import { LemError } from "./errors.ts";

/** A JSON value. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** A JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * JSON with sorted keys and no spaces: equal values give equal text, different values different text.
 * @throws LemError `config.wrong-type` for what JSON cannot say: infinities, NaN, functions, big integers
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value === null || typeof value !== "object") return scalarJson(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
}

function scalarJson(value: unknown): string {
  const finite = typeof value === "number" && Number.isFinite(value);
  if (finite || value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  throw new LemError("config.wrong-type", `a ${typeof value} that JSON cannot say`, {
    hint: "use a finite number",
  });
}

/** SHA-256 of a text or bytes, as hexadecimal digits. */
export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** The content hash that names an experiment: 12 hexadecimal digits over its canonical JSON. */
export const fingerprint = (value: unknown): string => sha256(canonicalJson(value)).slice(0, 12);
