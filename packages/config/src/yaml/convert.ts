import type { ErrorCode, Origin } from "@lem/domain";
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { problemAt, type Problem } from "../problem.ts";
import type { Entry, Located, Mark, Path } from "./located.ts";

/** How a document becomes located values. */
export interface ConvertOptions {
  readonly mark: (offset: number) => Mark;
  readonly origin: Origin;
  /** What stands at some offsets, where it was converted before. */
  readonly values?: ReadonlyMap<number, Located>;
}

/** Nodes that aliases may add to a document in all, and levels that a value may be nested. */
const ALIAS_LIMIT = 10_000;
const DEPTH_LIMIT = 100;

const HINTS: Partial<Record<ErrorCode, string>> = {
  "config.duplicate-key": "keep one of the two",
  "config.alias-bomb": "write the values out, or take shared ones from a file with extends",
};

/** Converts a parsed document; a bad part becomes a problem and null in its place. */
export function convertDocument(
  document: Document.Parsed,
  options: ConvertOptions,
): { readonly value: Located | undefined; readonly problems: readonly Problem[] } {
  const conversion = new Conversion(document, options);
  const value = document.contents === null ? undefined : conversion.convert(document.contents, []);
  return { value, problems: conversion.problems };
}

class Conversion {
  readonly problems: Problem[] = [];
  readonly #document: Document.Parsed;
  readonly #options: ConvertOptions;
  readonly #open = new Set<Node>();
  #aliasDepth = 0;
  #fromAliases = 0;

  constructor(document: Document.Parsed, options: ConvertOptions) {
    this.#document = document;
    this.#options = options;
  }

  convert(node: Node | null, path: Path): Located {
    const mark = this.#options.mark(node?.range?.[0] ?? 0);
    if (node === null) return this.#scalar(mark, null);
    if (this.#aliasDepth > 0 && ++this.#fromAliases > ALIAS_LIMIT) return this.#scalar(mark, null);
    if (path.length > DEPTH_LIMIT) return this.#refuse(mark, "config.syntax", path, "the value is nested too deeply");
    if (isAlias(node)) return this.#alias(node.resolve(this.#document), mark, path);
    if (isScalar(node)) return this.#ofScalar(node, mark, path);
    if (isMap(node)) return this.#within(node, () => this.#map(node, mark, path));
    if (isSeq(node)) return this.#within(node, () => this.#list(node, mark, path));
    return this.#refuse(mark, "config.syntax", path, "this is not a value");
  }

  #ofScalar(node: Scalar, mark: Mark, path: Path): Located {
    return this.#options.values?.get(node.range?.[0] ?? -1) ?? this.#number(node, mark, path);
  }

  #list(node: YAMLSeq, mark: Mark, path: Path): Located {
    const items = node.items.map((item, index) => this.convert(item as Node | null, [...path, String(index)]));
    return { kind: "list", items, mark, origin: this.#options.origin };
  }

  #within<T>(node: Node, work: () => T): T {
    this.#open.add(node);
    const result = work();
    this.#open.delete(node);
    return result;
  }

  #alias(target: Node | undefined, mark: Mark, path: Path): Located {
    if (target === undefined) return this.#refuse(mark, "config.syntax", path, "the alias names no anchor above it");
    if (this.#open.has(target)) return this.#refuse(mark, "config.alias-bomb", path, "the alias contains itself");
    this.#aliasDepth += 1;
    const value = this.convert(target, path);
    this.#aliasDepth -= 1;
    const bomb = this.#fromAliases > ALIAS_LIMIT && !this.problems.some(({ code }) => code === "config.alias-bomb");
    return bomb
      ? this.#refuse(mark, "config.alias-bomb", path, `aliases expand to more than ${ALIAS_LIMIT} values`)
      : value;
  }

  #map(node: YAMLMap, mark: Mark, path: Path): Located {
    const entries = new Map<string, Entry>();
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null;
      const keyMark = this.#options.mark(keyNode?.range?.[0] ?? node.range?.[0] ?? 0);
      const key =
        isScalar(keyNode) && keyNode.value !== null ? String(keyNode.value as boolean | number | string) : undefined;
      if (key === undefined) {
        this.#refuse(keyMark, "config.syntax", path, "a key must be a plain word, number or text");
      } else if (entries.has(key)) {
        this.#refuse(keyMark, "config.duplicate-key", [...path, key], "the key is written twice in this mapping");
      } else {
        const value = this.convert(pair.value as Node | null, [...path, key]);
        entries.set(key, { key: keyMark, value: pair.value === null ? { ...value, mark: keyMark } : value });
      }
    }
    return { kind: "map", entries, mark, origin: this.#options.origin };
  }

  #number(node: Scalar, mark: Mark, path: Path): Located {
    const { value } = node;
    if (typeof value !== "number") return this.#scalar(mark, value as null | boolean | string);
    const float = !/^(?:[-+]?\d+|0x[\dA-Fa-f]+|0o[0-7]+)$/.test(node.source ?? "");
    if (!Number.isFinite(value)) return this.#refuse(mark, "config.out-of-range", path, "the number must be finite");
    if (!float && !Number.isSafeInteger(value))
      return this.#refuse(mark, "config.out-of-range", path, "the whole number has too many digits");
    return this.#scalar(mark, value, float);
  }

  #scalar(mark: Mark, value: null | boolean | number | string, float = false): Located {
    return { kind: "scalar", value, float, mark, origin: this.#options.origin };
  }

  #refuse(mark: Mark, code: ErrorCode, path: Path, message: string): Located {
    this.problems.push(problemAt(mark, { code, path, message, hint: HINTS[code] }));
    return this.#scalar(mark, null);
  }
}
