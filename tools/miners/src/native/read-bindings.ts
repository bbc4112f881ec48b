import type { JsonValue } from "@lem/domain";
import { callAt, chainAt, type BindingCall } from "./binding-calls.ts";
import { constantValue, cppConstants } from "./cpp-constants.ts";
import { cppFunctions, namespaceAliases, unalias, type CppFunction } from "./cpp-functions.ts";
import { commaParts, cppText, stringIn, type CppText } from "./cpp-text.ts";
import type { NativeConstant, NativeFunction, NativeModule } from "./native-modules.ts";
import { addCalls, draftOf, functionOf, type ClassDraft } from "./read-class.ts";

/** A C++ file. */
export interface CppFile {
  readonly path: string;
  readonly text: string;
}

/**
 * What nanobind or pybind11 sources say of a native extension: its modules, classes, Enums and functions. Nothing of it
 * is compiled or run; headers only give the values of named constants.
 */
export function readBindings(sources: readonly CppFile[], headers: readonly CppFile[]): readonly NativeModule[] {
  const texts = sources.map(({ path, text }) => ({ path, text: cppText(text) }));
  const constants = cppConstants([...texts.map(({ text }) => text), ...headers.map(({ text }) => cppText(text))]);
  const functions = texts.flatMap(({ path, text }) => cppFunctions(text, path));
  return new Bindings(functions, constants).read();
}

interface ModuleDraft {
  readonly name: string;
  readonly classes: ClassDraft[];
  readonly functions: NativeFunction[];
  readonly constants: NativeConstant[];
}

/** A variable that stands for a module, or for a class of one. */
interface Holder {
  readonly module: ModuleDraft;
  readonly cls?: ClassDraft | undefined;
}

const ROOT = /^(?:NB_MODULE|PYBIND11_MODULE)$/;
const DECLARATION = /\b(?:nb|py)::(class_|enum_|exception|bind_vector|bind_map)\s*(?=<)/g;
const ASSIGNED = /(\w+)\s*=\s*$/;

class Bindings {
  readonly #functions: readonly CppFunction[];
  readonly #constants: ReadonlyMap<string, JsonValue>;
  readonly #modules = new Map<string, ModuleDraft>();
  /** Dotted names of classes by their C++ type. */
  readonly #types = new Map<string, string>();
  readonly #bases: { readonly draft: ClassDraft; readonly types: readonly string[] }[] = [];
  readonly #entered = new Set<CppFunction>();

  constructor(functions: readonly CppFunction[], constants: ReadonlyMap<string, JsonValue>) {
    this.#functions = functions;
    this.#constants = constants;
  }

  read(): readonly NativeModule[] {
    for (const fn of this.#functions.filter(({ name }) => ROOT.test(name))) {
      const [, variable = ""] = /,\s*(\w+)\s*$/.exec(codeOf(fn.text, fn.parameters)) ?? [];
      this.#enter(fn, variable, this.#module(""));
    }
    for (const { draft, types } of this.#bases)
      draft.bases.push(...types.flatMap((type) => this.#types.get(type) ?? []));
    return [...this.#modules.values()];
  }

  #module(name: string): ModuleDraft {
    const known = this.#modules.get(name) ?? { name, classes: [], functions: [], constants: [] };
    this.#modules.set(name, known);
    return known;
  }

  #enter(fn: CppFunction, variable: string, module: ModuleDraft): void {
    if (this.#entered.has(fn)) return;
    this.#entered.add(fn);
    const holders = new Map<string, Holder>([[variable, { module }]]);
    for (const step of stepsOf(fn)) this.#step(fn, step, holders);
  }

  #step(fn: CppFunction, { at, kind }: Step, holders: Map<string, Holder>): void {
    if (kind === "declaration") this.#declare(fn, at, holders);
    else if (kind === "member") this.#onHolder(fn, at, holders);
    else this.#call(fn, at, holders);
  }

  /** `auto x = nb::class_<T>(scope, "Name").def(...)...` */
  #declare({ text, body }: CppFunction, at: number, holders: Map<string, Holder>): void {
    const call = callAt(text, at);
    const [scope, named] = call?.arguments ?? [];
    const holder = scope === undefined ? undefined : holders.get(codeOf(text, scope).trim());
    const name = named === undefined ? undefined : stringIn(text, named);
    if (call === undefined || holder === undefined || name === undefined) return;
    const full = holder.cls === undefined ? name : `${holder.cls.name}.${name}`;
    const kind = call.name.endsWith("::enum_") ? "enum" : call.name.endsWith("::exception") ? "exception" : "class";
    const draft = draftOf(full, kind);
    this.#noteTypes(draft, { text, call, module: holder.module.name });
    addCalls(draft, chainAt(text, call.end), { text, constants: this.#constants });
    holder.module.classes.push(draft);
    const variable = assignedAt(text, body.start, at);
    if (variable !== undefined) holders.set(variable, { module: holder.module, cls: draft });
  }

  #noteTypes(draft: ClassDraft, { text, call, module }: { text: CppText; call: BindingCall; module: string }): void {
    const aliases = namespaceAliases(text.code);
    const types = call.types === undefined ? [] : commaParts(text.code, call.types);
    const [own, ...others] = types.map((part) => unalias(codeOf(text, part).trim(), aliases));
    if (own !== undefined) this.#types.set(own, module === "" ? draft.name : `${module}.${draft.name}`);
    this.#bases.push({ draft, types: others });
  }

  /** `x.def_submodule("name")`, `x.def("name", ...)`, `x.attr("name") = ...` and what is chained to a class later. */
  #onHolder(fn: CppFunction, at: number, holders: Map<string, Holder>): void {
    const { text } = fn;
    const [, variable = ""] = /^(\w+)/.exec(text.code.slice(at, at + 200)) ?? [];
    const holder = holders.get(variable);
    if (holder === undefined) return;
    const calls = chainAt(text, at + variable.length);
    if (holder.cls !== undefined) addCalls(holder.cls, calls, { text, constants: this.#constants });
    for (const call of calls) this.#onModule(fn, { call, at }, { holder, holders });
  }

  #onModule(
    { text, body }: CppFunction,
    { call, at }: { readonly call: BindingCall; readonly at: number },
    { holder, holders }: { readonly holder: Holder; readonly holders: Map<string, Holder> },
  ): void {
    const [first, second] = call.arguments;
    const name = first === undefined ? undefined : stringIn(text, first);
    if (name === undefined) return;
    const { module, cls } = holder;
    if (call.name === "attr") this.#constant(text, { name, end: call.end }, holder);
    else if (call.name === "def_submodule") {
      const made = this.#module(module.name === "" ? name : `${module.name}.${name}`);
      holders.set(assignedAt(text, body.start, at) ?? "", { module: made });
    } else if (call.name === "def" && cls === undefined)
      module.functions.push(functionOf(name, second, { text, constants: this.#constants }));
  }

  #constant({ raw }: CppText, { name, end }: { name: string; end: number }, { module, cls }: Holder): void {
    const written = /^\s*=(?!=)\s*([^;]+);/.exec(raw.slice(end, end + 400))?.[1];
    if (written === undefined) return;
    const value = constantValue(written, this.#constants);
    (cls ?? module).constants.push(value === undefined ? { name } : { name, value });
  }

  /** `some::function(module)` goes on in that function. */
  #call(fn: CppFunction, at: number, holders: ReadonlyMap<string, Holder>): void {
    const call = callAt(fn.text, at);
    const [only, ...others] = call?.arguments ?? [];
    if (call === undefined || only === undefined || others.length > 0) return;
    const holder = holders.get(codeOf(fn.text, only).trim());
    const called = holder === undefined ? undefined : this.#functionNamed(call.name, fn);
    if (holder === undefined || called === undefined) return;
    const variable = /(\w+)\s*$/.exec(codeOf(called.text, called.parameters))?.[1] ?? "";
    this.#enter(called, variable, holder.module);
  }

  /** The function that a call names: in the namespaces around it first, else the only one whose name ends so. */
  #functionNamed(name: string, { name: around, text }: CppFunction): CppFunction | undefined {
    const wanted = unalias(name, namespaceAliases(text.code));
    const scopes = around.split("::");
    for (let length = scopes.length - 1; length >= 0; length -= 1) {
      const full = [...scopes.slice(0, length), wanted].join("::");
      const found = this.#functions.find((each) => each.name === full);
      if (found !== undefined) return found;
    }
    const ending = this.#functions.filter(
      (each) => each.name.endsWith(`::${wanted}`) || wanted.endsWith(`::${each.name}`),
    );
    return ending.length === 1 ? ending[0] : undefined;
  }
}

/** The variable that what stands at an offset is assigned to. */
const assignedAt = ({ code }: CppText, start: number, at: number): string | undefined =>
  ASSIGNED.exec(code.slice(Math.max(start, at - 120), at))?.[1];

const codeOf = ({ code }: CppText, { start, end }: { start: number; end: number }): string => code.slice(start, end);

interface Step {
  readonly at: number;
  readonly kind: "declaration" | "member" | "call";
}

/** What a function does with modules and classes, in its order. */
function stepsOf({ text: { code }, body }: CppFunction): readonly Step[] {
  const inside = code.slice(body.start, body.end);
  const at = (match: RegExpExecArray, kind: Step["kind"]): Step => ({ at: body.start + match.index, kind });
  const declarations = [...inside.matchAll(DECLARATION)].map((match) => at(match, "declaration"));
  const members = [...inside.matchAll(/(?<![\w.>:])\w+(?=\s*\.\s*(?:def\w*|attr)\s*\()/g)].map((match) =>
    at(match, "member"),
  );
  const calls = [...inside.matchAll(/(?<![\w.>:])(?:\w+::)*\w+(?=\(\s*\w+\s*\)\s*;)/g)].map((match) =>
    at(match, "call"),
  );
  return [...declarations, ...members, ...calls].toSorted((a, b) => a.at - b.at);
}
