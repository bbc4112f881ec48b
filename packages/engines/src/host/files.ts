import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fact, missingFact, type Fact, type JsonValue, type UnavailableReason } from "@lem/domain";

/** Where the machine's files are: `/`, or the folder of a recorded tree. */
export interface HostOptions {
  readonly root: string;
}

/** Facts by name, in snake_case with their unit. */
export type HostFacts = Readonly<Record<string, Fact>>;

/** A file of the kernel or the system: its text without the final newline, or the errno of the failed read. */
export type HostText =
  | { readonly ok: true; readonly path: string; readonly text: string }
  | { readonly ok: false; readonly path: string; readonly errno: string };

/** Reads a text of the machine; `path` is absolute on the machine. Never throws. */
export async function readText(host: HostOptions, path: string): Promise<HostText> {
  try {
    return { ok: true, path, text: (await readFile(join(host.root, path), "utf8")).trimEnd() };
  } catch (error) {
    return { ok: false, path, errno: errnoOf(error) };
  }
}

/** The names in a folder, sorted; none when it cannot be read. */
export async function listNames(host: HostOptions, path: string): Promise<readonly string[]> {
  const names = await readdir(join(host.root, path)).catch(() => []);
  return names.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** How a text becomes a fact. */
export interface TextFact {
  /** Undefined says that the text does not hold the fact. */
  readonly value?: (text: string) => JsonValue | undefined;
  readonly unit?: string;
  /** Said to a person when the file does not exist: what that means and what to do. */
  readonly absent?: string;
}

/** Makes a fact of a file's text; its source is the file's path. */
export function textFact(read: HostText, how: TextFact = {}): Fact {
  if (!read.ok) return missingFact(reasonOf(read.errno), absentDetail(read, how.absent));
  const value = how.value === undefined ? read.text : how.value(read.text);
  if (value === undefined) return missingFact("read-failed", `${read.path} does not say it`);
  return fact(value, read.path, how.unit);
}

/** A whole decimal number, or undefined. */
export const wholeNumber = (text: string): number | undefined =>
  /^-?\d+$/.test(text.trim()) ? Number(text.trim()) : undefined;

/** The errno name of a failed system call. */
export const errnoOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? "unknown";

/** Why a fact is missing, by the errno of the read. */
export function reasonOf(errno: string): UnavailableReason {
  if (errno === "ENOENT" || errno === "ENOTDIR") return "not-supported";
  return errno === "EACCES" || errno === "EPERM" ? "no-permission" : "read-failed";
}

function absentDetail(read: { readonly path: string; readonly errno: string }, absent: string | undefined): string {
  const reason = reasonOf(read.errno);
  if (reason === "no-permission") return `${read.path} may not be read by this user (${read.errno})`;
  if (reason === "read-failed") return `${read.path} could not be read (${read.errno})`;
  return absent === undefined ? `this machine has no ${read.path}` : `${absent} (no ${read.path})`;
}
