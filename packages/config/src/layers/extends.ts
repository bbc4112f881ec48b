import type { Origin } from "@lem/domain";
import { problemAt, type Problem } from "../problem.ts";
import { valueWord } from "../wording.ts";
import { absoluteFrom, displayFrom } from "../written-path.ts";
import { withEntries, type Located, type MapNode, type Mark } from "../yaml/located.ts";
import { parseText } from "../yaml/parse.ts";
import { normalise } from "./normalise.ts";
import { overlayAll } from "./overlay.ts";
import { readPredecessor } from "./predecessor.ts";

/** A file of a configuration, under its real path and the name that people know. */
export interface SourceFile {
  readonly real: string;
  readonly display: string;
}

/** The file system as `extends` needs it. */
export interface FileAccess {
  /** The text of a file, or why it cannot be had; `asked` is the place that names the file. */
  readonly read: (file: SourceFile, asked: Mark) => { readonly text: string } | { readonly problem: Problem };
  /** The path without symbolic links, as far as it exists. */
  readonly real: (absolute: string) => string;
  readonly leavesProject: (absolute: string) => boolean;
}

/** What a chain of files is read with. */
export interface ChainOptions {
  readonly access: FileAccess;
  readonly cwd: string;
  /** Origins of the file itself and of those it extends. */
  readonly origins: { readonly own: Origin; readonly base: Origin };
}

/** A file's own keys and those of the files it extends, both without `extends`. */
export interface Chain {
  readonly own: MapNode | undefined;
  readonly base: MapNode | undefined;
  readonly problems: readonly Problem[];
}

/** Reads a file and, recursively, what it extends. Each file is read once. */
export function readChain(file: SourceFile, options: ChainOptions): Chain {
  const got = options.access.read(file, { file: file.display, line: null, column: null });
  return "problem" in got
    ? { own: undefined, base: undefined, problems: [got.problem] }
    : parseChain(got.text, file, options);
}

/** The same for a text that is at hand; `file` says where it would lie. */
export function parseChain(text: string, file: SourceFile | null, options: ChainOptions): Chain {
  const reader = new ChainReader(options);
  return { ...reader.parse(text, file, []), problems: reader.problems };
}

interface Links {
  readonly own: MapNode | undefined;
  readonly base: MapNode | undefined;
}

class ChainReader {
  readonly problems: Problem[] = [];
  readonly #options: ChainOptions;
  readonly #merged = new Map<string, MapNode | undefined>();

  constructor(options: ChainOptions) {
    this.#options = options;
  }

  parse(text: string, file: SourceFile | null, above: readonly SourceFile[]): Links {
    const { origins } = this.#options;
    const origin = above.length === 0 ? origins.own : origins.base;
    const { value, problems } = parseText(text, { file: file?.display ?? null, origin });
    this.problems.push(...problems);
    if (value === undefined) return { own: undefined, base: undefined };
    const form = readPredecessor(value);
    const { map, problems: old } = normalise(form.map);
    this.problems.push(...form.problems, ...old);
    const own = withEntries(
      map,
      [...map.entries].filter(([key]) => key !== "extends"),
    );
    const extended = map.entries.get("extends")?.value;
    const chain = file === null ? above : [...above, file];
    const bases = extended === undefined ? [] : this.#targets(extended).map((target) => this.#follow(target, chain));
    return { own, base: bases.length === 0 ? undefined : overlayAll(bases.toReversed()) };
  }

  #targets(node: Located): readonly { readonly written: string; readonly mark: Mark }[] {
    return (node.kind === "list" ? node.items : [node]).flatMap((item) => {
      if (item.kind === "scalar" && typeof item.value === "string" && item.value !== "")
        return [{ written: item.value, mark: item.mark }];
      this.problems.push(
        problemAt(item.mark, {
          code: "config.wrong-type",
          path: ["extends"],
          message: `expected a file, got ${valueWord(item)}`,
        }),
      );
      return [];
    });
  }

  /** The merged keys of an extended file; nothing where it cannot be used. */
  #follow(
    { written, mark }: { readonly written: string; readonly mark: Mark },
    chain: readonly SourceFile[],
  ): MapNode | undefined {
    const { access, cwd } = this.#options;
    const absolute = absoluteFrom(mark.file, written, cwd);
    const file: SourceFile = { real: access.real(absolute), display: displayFrom(mark.file, written) };
    if (access.leavesProject(absolute)) {
      const message = `${written} lies outside the project`;
      this.problems.push(
        problemAt(mark, {
          code: "config.path-outside",
          path: ["extends"],
          message,
          hint: "copy the file into the project",
        }),
      );
      return undefined;
    }
    const start = chain.findIndex(({ real }) => real === file.real);
    if (start >= 0) {
      const circle = [...chain.slice(start), file].map(({ display }) => display).join(" -> ");
      this.problems.push(
        problemAt(mark, {
          code: "config.extends-cycle",
          path: ["extends"],
          message: `files extend one another in a circle: ${circle}`,
          hint: "take one of these extends out",
        }),
      );
      return undefined;
    }
    if (!this.#merged.has(file.real)) this.#merged.set(file.real, this.#read(file, mark, chain));
    return this.#merged.get(file.real);
  }

  #read(file: SourceFile, mark: Mark, chain: readonly SourceFile[]): MapNode | undefined {
    const got = this.#options.access.read(file, mark);
    if ("problem" in got) {
      this.problems.push(got.problem);
      return undefined;
    }
    const { own, base } = this.parse(got.text, file, chain);
    return own === undefined ? undefined : overlayAll([own, base]);
  }
}
