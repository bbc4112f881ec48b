import { realpathSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A place in the engine's package. */
export interface Place {
  readonly path: string;
  readonly qualname: string;
  readonly line: number;
  readonly span: null;
}

/** Tells which frames of an exception lie in one package. */
export class Package {
  readonly name: string;
  readonly folder: string;

  constructor(name: string, folder: string) {
    this.name = name;
    this.folder = realpathSync(folder);
    Error.stackTraceLimit = 50;
  }

  /** The file of a path of the source tree, which begins with the package's name. */
  file(path: string): string {
    return join(this.folder, path.slice(this.name.length + 1));
  }

  /** The frames of an exception that lie in the package, the innermost first. */
  framesOf(error: unknown): readonly Place[] {
    return this.#read(error instanceof Error ? (error.stack ?? "") : "");
  }

  /** The frames of the caller that lie in the package. */
  here(): readonly Place[] {
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder);
    return this.#read(holder.stack ?? "");
  }

  #read(stack: string): readonly Place[] {
    return stack.split("\n").flatMap((line) => {
      const found = FRAME.exec(line);
      const path = found === null ? undefined : this.#pathOf(found[2] ?? "");
      return path === undefined
        ? []
        : [{ path, qualname: nameOf(found?.[1] ?? ""), line: Number(found?.[3]), span: null }];
    });
  }

  /** Undefined for a file of another package, also one that lies within this one's folder. */
  #pathOf(url: string): string | undefined {
    const within = relative(this.folder, url.startsWith("file:") ? fileURLToPath(url) : url)
      .split(sep)
      .join("/");
    if (within.startsWith("..") || within.startsWith("node_modules/") || within === "") return undefined;
    return `${this.name}/${within}`;
  }
}

const FRAME = /^\s+at (?:(.*) \()?((?:file:\/\/)?\/.*?):(\d+):\d+\)?$/;

const nameOf = (text: string): string => text.replace(/^(async|new) /, "").replace(/ \[as .*\]$/, "");
