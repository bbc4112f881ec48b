import { LemError, type JsonValue } from "@lem/domain";
import type { FieldExpr, NameExpr, PresenceExpr, UnknownExpr } from "../expression.ts";
import { isFault, unknown, type Outcome } from "../outcome.ts";
import { equals } from "../values/equality.ts";
import type { Form } from "./form.ts";
import { pythonVariable, quoted } from "../python/literal.ts";

const PATH = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;
const NAME = /^[^\s"'\\]{1,200}$/;

/** A field's value. */
export const FIELD: Form<FieldExpr> = {
  meaning: "a field: the declared value, else the engine's default, else unknown",
  example: { f: "top_p" },
  isCondition: false,
  parse: (body, reader) => ({ op: "field", path: reader.text(body, "field path", PATH) }),
  print: ({ path }) => path,
  children: () => [],
  value: ({ path }, { slots }) => {
    const slot = slots.field(path);
    return ({ values }) => values[slot] as Outcome;
  },
  python: ({ path }) => `self.${path}`,
};

/** A variable of a quantifier or `let`. */
export const VARIABLE: Form<NameExpr> = {
  meaning: "a variable that a quantifier or `let` binds",
  example: { v: "x" },
  isCondition: false,
  parse: (body, reader) => ({ op: "var", name: reader.variable(body) }),
  print: ({ name }) => name,
  children: () => [],
  value: ({ name }, compiler) => {
    const place = compiler.variable(name);
    return ({ variables }) => variables[place] as Outcome;
  },
  python: ({ name }) => pythonVariable(name),
};

/** A fact of the environment. */
export const FACT: Form<NameExpr> = {
  meaning: "a fact of the machine, the model or the engine's environment; unknown where it is not told",
  example: { fact: "platform.cuda" },
  isCondition: false,
  parse: (body, reader) => ({ op: "fact", name: reader.text(body, "fact", NAME) }),
  print: ({ name }) => name,
  children: () => [],
  value: ({ name }, { slots }) => {
    const slot = slots.fact(name);
    return ({ facts }) => facts[slot] as Outcome;
  },
  python: ({ name }) => `facts[${quoted(name)}]`,
};

/** A named constant of the corpus. */
export const DOMAIN: Form<NameExpr> = {
  meaning: "a named constant of the corpus, resolved from the engine when it was mined",
  example: { dom: "KVRole" },
  isCondition: false,
  parse: (body, reader) => ({ op: "domain", name: reader.text(body, "domain", NAME) }),
  print: ({ name }) => name,
  children: () => [],
  value: ({ name }, { domains }) => {
    const value = domains.get(name);
    if (value === undefined) throw new LemError("config.predicate", `there is no domain ${quoted(name)}`);
    return () => value;
  },
  python: ({ name }) => `domains[${quoted(name)}]`,
};

/** What could not be translated. */
export const UNKNOWN: Form<UnknownExpr> = {
  meaning: "what the miner could not translate; always unknown, and might raise",
  example: { unknown: "call of a foreign function" },
  isCondition: false,
  parse: (body, reader) => ({ op: "unknown", what: reader.text(body, "reason", /^[^\n]{1,500}$/) }),
  print: ({ what }) => what,
  children: () => [],
  value: ({ what }) => {
    const outcome = unknown("untranslated", what, true);
    return () => outcome;
  },
  python: ({ what }) => `unknown(${quoted(what)})`,
};

const presence = (
  op: PresenceExpr["op"],
): Pick<Form<PresenceExpr>, "isCondition" | "parse" | "print" | "children"> => ({
  isCondition: true,
  parse: (body, reader) => ({ op, path: reader.text(body, "field path", PATH) }),
  print: ({ path }): JsonValue => path,
  children: () => [],
});

/** Whether the configuration gives a field. */
export const IS_SET: Form<PresenceExpr> = {
  ...presence("isSet"),
  meaning: "the configuration gives the field, be it None or the default",
  example: { isSet: "top_p" },
  value: ({ path }, { slots }) => {
    const slot = slots.field(path);
    return ({ given }) => given[slot] as boolean;
  },
  python: ({ path }) => `(${quoted(path)} in given)`,
};

/** Whether a field has the engine's default. */
export const IS_DEFAULT: Form<PresenceExpr> = {
  ...presence("isDefault"),
  meaning: "the field's value equals (==) the engine's default, given or not",
  example: { isDefault: "top_p" },
  value: ({ path }, { slots }) => {
    const slot = slots.field(path);
    return ({ values, defaults }) => {
      const value = values[slot] as Outcome;
      const usual = defaults[slot] as Outcome;
      if (isFault(value)) return value;
      return isFault(usual) ? usual : equals(value, usual);
    };
  },
  python: ({ path }) => `(self.${path} == defaults[${quoted(path)}])`,
};
