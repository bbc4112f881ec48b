import type { JsonValue } from "@lem/domain";
import type { BindingCall } from "./binding-calls.ts";
import { callAt } from "./binding-calls.ts";
import { constantValue } from "./cpp-constants.ts";
import { stringIn, type CppText, type Part } from "./cpp-text.ts";
import type { NativeClass, NativeFunction, NativeParameter } from "./native-modules.ts";

/** Where a class is read. */
export interface ClassContext {
  readonly text: CppText;
  readonly constants: ReadonlyMap<string, JsonValue>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** A class while its binding is read. */
export type ClassDraft = Mutable<NativeClass>;

/** A class of which nothing is known yet. */
export const draftOf = (name: string, kind: NativeClass["kind"]): ClassDraft => ({
  name,
  kind,
  bases: [],
  members: [],
  exportsMembers: false,
  properties: [],
  methods: [],
  statics: [],
  constants: [],
  constructors: [],
});

const PROPERTY = /^def_(?:prop_)?(?:rw|ro|readwrite|readonly|property|property_readonly)(?:_static)?$/;

/** Adds what calls behind a class's declaration say of it. */
export function addCalls(draft: ClassDraft, calls: readonly BindingCall[], context: ClassContext): void {
  for (const call of calls) addCall(draft, call, context);
}

function addCall(draft: ClassDraft, call: BindingCall, context: ClassContext): void {
  const [first, second] = call.arguments;
  if (call.name === "export_values") draft.exportsMembers = true;
  if (first === undefined) return;
  const name = stringIn(context.text, first);
  if (isConstructor(context.text, first, name)) draft.constructors.push(parametersOf(call.arguments.slice(1), context));
  else if (name === undefined) return;
  else if (call.name === "value") addOnce(draft.members, name);
  else if (PROPERTY.test(call.name)) addOnce(draft.properties, name);
  else if (call.name === "def_static") draft.statics.push(functionOf(name, second, context));
  else if (call.name === "def") draft.methods.push(functionOf(name, second, context));
}

const isConstructor = ({ code }: CppText, { start, end }: Part, name: string | undefined): boolean =>
  name === "__init__" || /^\s*(?:nb|py)::init(?:_implicit)?\s*</.test(code.slice(start, end));

function addOnce(names: string[], name: string): void {
  if (!names.includes(name)) names.push(name);
}

/** A function that only gives a constant gives it in its stand-in too. */
export function functionOf(name: string, body: Part | undefined, { text, constants }: ClassContext): NativeFunction {
  const written = body === undefined ? "" : text.raw.slice(body.start, body.end);
  const given = /^\s*\[\s*\]\s*\(\s*\)\s*\{\s*return\s+([^;{}]+);\s*\}\s*$/.exec(written)?.[1];
  const value = given === undefined ? undefined : constantValue(given, constants);
  return value === undefined ? { name } : { name, value };
}

/** The `arg("name") = value` among a constructor's arguments. */
function parametersOf(parts: readonly Part[], context: ClassContext): NativeParameter[] {
  return parts.flatMap((part) => {
    const parameter = parameterOf(part, context);
    return parameter === undefined ? [] : [parameter];
  });
}

function parameterOf({ start, end }: Part, { text, constants }: ClassContext): NativeParameter | undefined {
  const lead = /^\s*(?:nb|py)::arg\b/.exec(text.code.slice(start, end))?.[0];
  const call = lead === undefined ? undefined : callAt(text, start + lead.length - "arg".length);
  const [given] = call?.arguments ?? [];
  const name = given === undefined ? undefined : stringIn(text, given);
  if (call === undefined || name === undefined) return undefined;
  const assigned = /^[^=]*=(?!=)([^]*)$/.exec(text.raw.slice(call.end, end))?.[1];
  if (assigned === undefined) return { name, isOptional: false };
  const value = constantValue(assigned, constants);
  return value === undefined ? { name, isOptional: true } : { name, isOptional: true, value };
}
