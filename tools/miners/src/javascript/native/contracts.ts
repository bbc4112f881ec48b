import type { SourceTree } from "../../source/source-tree.ts";

/** What native code demands of an argument, or of a property of one, before it goes on. */
export interface Demand {
  /** Place of the argument, and the name of its property; null for the argument itself. */
  readonly argument: number;
  readonly property: string | null;
  readonly type: "number" | "boolean" | "string";
  /** Whether it is made of each item of a list. */
  readonly ofItems: boolean;
  /** What must hold before the demand is made. */
  readonly guards: readonly Guard[];
  readonly path: string;
  readonly qualname: string;
  readonly line: number;
}

/** A condition of native code on a property. */
export type Guard =
  | { readonly kind: "has" | "true"; readonly argument: number; readonly property: string; readonly holds: boolean }
  | {
      readonly kind: "is";
      readonly argument: number;
      readonly property: string;
      readonly type: string;
      readonly holds: boolean;
    }
  | {
      readonly kind: "equals";
      readonly argument: number;
      readonly property: string;
      readonly text: string;
      readonly holds: boolean;
    }
  | { readonly kind: "unknown" };

/** Demands by `Class.method`, with the method as JavaScript names it. */
export type NativeContracts = ReadonlyMap<string, readonly Demand[]>;

/**
 * Reads what functions in C++ demand of what JavaScript hands them, where they are written with node-addon-api: a
 * conversion of a property (`options.Get("name").As<Napi::Number>().Int32Value()`) raises for a value of another type.
 */
export function readContracts(tree: SourceTree): NativeContracts {
  const contracts = new Map<string, readonly Demand[]>();
  for (const path of tree.paths) {
    if (!path.endsWith(".cpp")) continue;
    const text = Buffer.from(tree.read(path)?.bytes ?? []).toString("utf8");
    const names = methodNames(text);
    for (const { cls, method, lines, first } of functionsIn(text)) {
      const name = cls === method ? "constructor" : names.get(`${cls}::${method}`);
      if (name !== undefined) contracts.set(`${cls}.${name}`, demandsIn({ path, cls, method, lines, first }));
    }
  }
  return contracts;
}

/** `InstanceMethod("name", &Class::Method)`. */
function methodNames(text: string): ReadonlyMap<string, string> {
  const found = text.matchAll(/(?:Instance|Static)Method\("(\w+)",\s*&(\w+::\w+)\)/g);
  return new Map([...found].map(([, name = "", fn = ""]) => [fn, name]));
}

interface NativeFunction {
  readonly cls: string;
  readonly method: string;
  readonly lines: readonly string[];
  /** Line of the first, from 1. */
  readonly first: number;
}

const HEAD = /^(?:Napi::Value |void )?(\w+)::(\w+)\(const Napi::CallbackInfo\s*&\s*info\)/;

function functionsIn(text: string): readonly NativeFunction[] {
  const lines = text.split("\n");
  const heads = lines.flatMap((line, at) => {
    const found = HEAD.exec(line);
    return found === null ? [] : [{ at, cls: found[1] ?? "", method: found[2] ?? "" }];
  });
  return heads.map(({ at, cls, method }) => {
    const end = lines.findIndex((line, place) => place > at && line.startsWith("}"));
    return { cls, method, lines: lines.slice(at, end < 0 ? lines.length : end), first: at + 1 };
  });
}

/** `if` with its condition on one line or several, `} else if`, and `} else`. */
interface Block {
  readonly indent: number;
  readonly own: readonly Guard[];
  /** What the blocks before it in a chain leave over. */
  readonly left: readonly Guard[];
}

interface PropertyOf {
  readonly argument: number;
  readonly property: string;
}

class Reader {
  readonly #fn: NativeFunction & { readonly path: string };
  readonly #objects = new Map<string, number>();
  readonly #aliases = new Map<string, PropertyOf>();
  readonly #lists = new Map<string, PropertyOf>();
  readonly #blocks: Block[] = [];
  readonly #found: Demand[] = [];

  constructor(fn: NativeFunction & { readonly path: string }) {
    this.#fn = fn;
  }

  demands(): readonly Demand[] {
    const { lines } = this.#fn;
    for (let at = 0; at < lines.length; at += 1) at = this.#line(at);
    return this.#found;
  }

  /** Gives the place of the last line that was taken. */
  #line(at: number): number {
    const line = this.#fn.lines[at] ?? "";
    const indent = line.search(/\S/);
    if (indent < 0) return at;
    const closed = this.#close(line, indent);
    this.#name(line);
    if (/^(?:\} else )?if \(/.test(line.trim())) return this.#opening(at, indent, closed);
    if (line.trim().startsWith("} else {")) this.#blocks.push({ indent, own: [], left: closed });
    this.#demand(line, at, this.#conjuncts(at));
    this.#itemDemand(line, at);
    return at;
  }

  /** Names for an argument that is an object, and for a property of one. */
  #name(line: string): void {
    const object = /(?:Napi::Object|auto) (\w+) = info\[(\d+)\]\.As<Napi::Object>\(\)/.exec(line);
    if (object !== null) this.#objects.set(object[1] ?? "", Number(object[2]));
    const alias = /auto (\w+) = (\w+)\.Get\("(\w+)"\);/.exec(line);
    const argument = alias === null ? undefined : this.#objects.get(alias[2] ?? "");
    if (alias !== null && argument !== undefined)
      this.#aliases.set(alias[1] ?? "", { argument, property: alias[3] ?? "" });
  }

  /** Ends blocks that a line closes; what the last one leaves over to an `else`. */
  #close(line: string, indent: number): readonly Guard[] {
    if (!line.trim().startsWith("}")) return [];
    let left: readonly Guard[] = [];
    while (this.#blocks.length > 0 && (this.#blocks.at(-1)?.indent ?? 0) >= indent) {
      const block = this.#blocks.pop();
      if (block !== undefined) left = [...block.left, ...opposite(block.own)];
    }
    return left;
  }

  #opening(at: number, indent: number, left: readonly Guard[]): number {
    const { lines } = this.#fn;
    let last = at;
    while (!(lines[last] ?? "").trimEnd().endsWith("{") && last < at + 6) last += 1;
    const condition = lines.slice(at, last + 1).join(" ");
    const inner = /if \((.*)\) \{\s*$/.exec(condition)?.[1] ?? "";
    const parts = inner.split("&&").map((part) => part.trim());
    this.#blocks.push({ indent, own: [], left });
    const own: Guard[] = [];
    for (const part of parts) {
      this.#demand(part, at, own);
      own.push(this.#guard(part));
    }
    this.#blocks[this.#blocks.length - 1] = { indent, own, left };
    return last;
  }

  #guard(text: string): Guard {
    const holds = !text.startsWith("!");
    const plain = text.replace(/^!/, "").replace(/^\((.*)\)$/, "$1");
    if (/^info\.Length\(\)|^info\[\d+\]\.IsObject\(\)$/.test(plain)) return ALWAYS;
    const has = /^(\w+)\.Has\("(\w+)"\)$/.exec(plain);
    const argument = this.#objects.get(has?.[1] ?? "");
    if (has !== null && argument !== undefined) return { kind: "has", argument, property: has[2] ?? "", holds };
    const got = this.#got(plain);
    return got === undefined ? { kind: "unknown" } : this.#look(plain, got, holds);
  }

  /** A look at the value of a property. */
  #look(plain: string, got: PropertyOf, holds: boolean): Guard {
    const equal = /\.As<Napi::String>\(\)\.Utf8Value\(\) == "([^"]*)"$/.exec(plain)?.[1];
    if (equal !== undefined) return { kind: "equals", ...got, text: equal, holds };
    const is = /\.Is(\w+)\(\)$/.exec(plain)?.[1];
    if (is !== undefined) return { kind: "is", ...got, type: is, holds };
    return plain.endsWith(".As<Napi::Boolean>().Value()") ? { kind: "true", ...got, holds } : { kind: "unknown" };
  }

  /** The property that a text begins with getting. */
  #got(text: string): PropertyOf | undefined {
    const got = /^(\w+)\.Get\("(\w+)"\)/.exec(text);
    const argument = this.#objects.get(got?.[1] ?? "");
    if (got !== null && argument !== undefined) return { argument, property: got[2] ?? "" };
    return this.#aliases.get(/^(\w+)\./.exec(text)?.[1] ?? "");
  }

  #demand(text: string, at: number, before: readonly Guard[]): void {
    for (const found of text.matchAll(CONVERSION)) {
      const [whole, alias = "", property, type = ""] = found;
      const got = property === undefined ? this.#aliases.get(alias) : this.#got(whole);
      const direct = /^info\[(\d+)\]/.exec(whole)?.[1];
      const guards = [...this.#around(), ...before, ...this.#asked(text, got)];
      if (got !== undefined && !guards.some((guard) => assures(guard, got.property, type)))
        this.#add(at, { ...got, type: TYPES[type] ?? "number", ofItems: false, guards });
      if (got === undefined && direct !== undefined)
        this.#add(at, {
          argument: Number(direct),
          property: null,
          type: TYPES[type] ?? "number",
          ofItems: false,
          guards,
        });
    }
  }

  #around(): readonly Guard[] {
    return this.#blocks.flatMap(({ left, own }) => [...left, ...own]);
  }

  #add(at: number, demand: Pick<Demand, "argument" | "property" | "type" | "ofItems" | "guards">): void {
    const { path, cls, method, first } = this.#fn;
    this.#found.push({ ...demand, path, qualname: `${cls}::${method}`, line: first + at });
  }

  /** The parts of a conjunction that stand on the lines before. */
  #conjuncts(at: number): readonly Guard[] {
    const found: Guard[] = [];
    for (let before = at - 1; ; before -= 1) {
      const part = /^(.*\S)\s*&&$/.exec((this.#fn.lines[before] ?? "").trim())?.[1];
      if (part === undefined) return found;
      found.unshift(this.#guard(part));
    }
  }

  /** `Napi::Array items = options.Get("x").As<Napi::Array>()`, and later `items.Get(i).As<Napi::String>()`. */
  #itemDemand(line: string, at: number): void {
    const named = /Napi::Array (\w+) = (\w+\.Get\("\w+"\))\.As<Napi::Array>\(\)/.exec(line);
    const got = named === null ? undefined : this.#got(named[2] ?? "");
    if (got !== undefined) this.#lists.set(named?.[1] ?? "", got);
    const item = /(\w+)\.Get\(\w+\)\.As<Napi::(Number|Boolean|String)>\(\)\.\w+\(\)/.exec(line);
    const list = this.#lists.get(item?.[1] ?? "");
    if (item === null || list === undefined) return;
    const guards = this.#around().filter((guard) => guard.kind !== "unknown");
    this.#add(at, { ...list, type: TYPES[item[2] ?? ""] ?? "string", ofItems: true, guards });
  }

  /** `options.Has("x") ? ... : ...`, on the line or the one before. */
  #asked(text: string, got: PropertyOf | undefined): readonly Guard[] {
    if (got === undefined || !text.trim().startsWith("?")) return [];
    return [{ kind: "has", ...got, holds: true }];
  }
}

/** A value of the type that was looked for is converted without harm. */
const assures = (guard: Guard, property: string, type: string): boolean =>
  guard.kind === "is" && guard.holds && guard.property === property && guard.type === type;

const ALWAYS: Guard = { kind: "has", argument: -1, property: "", holds: true };

const TYPES: Readonly<Record<string, Demand["type"]>> = { Number: "number", Boolean: "boolean", String: "string" };

const CONVERSION =
  /(?:(\w+)(?:\.Get\("(\w+)"\))?|info\[\d+\])\.As<Napi::(Number|Boolean|String)>\(\)\.(?:\w+Value|Value)\(\)/g;

/** What holds where a conjunction does not; open for more than one part. */
function opposite(own: readonly Guard[]): readonly Guard[] {
  const real = own.filter((guard) => guard !== ALWAYS);
  const decisive = real.filter((guard, at) => !isFollowed(guard, real.slice(at + 1)));
  const [only, ...others] = decisive;
  if (only === undefined) return [];
  if (others.length > 0 || only.kind === "unknown") return [{ kind: "unknown" }];
  return [{ ...only, holds: !only.holds }];
}

/** What a later part of the conjunction implies: a look at a property that is asked for, a text that is compared. */
const isFollowed = (guard: Guard, rest: readonly Guard[]): boolean =>
  (guard.kind === "has" || guard.kind === "is") &&
  rest.some((other) => other.kind !== "unknown" && other.kind !== "has" && other.property === guard.property);

const demandsIn = (fn: NativeFunction & { readonly path: string }): readonly Demand[] => new Reader(fn).demands();
