import type { Expr, FormName } from "../expression.ts";
import { ATTRIBUTE, HAS_ATTRIBUTE } from "./attributes.ts";
import { COUNT, EVERY, LET, PAIRWISE, SOME } from "./binding.ts";
import type { Form } from "./form.ts";
import { DOMAIN, FACT, FIELD, IS_DEFAULT, IS_SET, UNKNOWN, VARIABLE } from "./leaves.ts";
import { ALL, ANY, ITE, NOT } from "./logic.ts";
import { BETWEEN, EXACT_TYPE, IS, IS_NOT, MATCHES, RAISES, TYPE } from "./tests.ts";

/** The expressions whose `op` may be K. */
type ExprOf<K, E = Expr> = E extends { readonly op: infer O } ? (K extends O ? E : never) : never;

type Forms = { readonly [K in FormName]: Form<ExprOf<K> & Expr> };

/** All forms, by the `op` of their expressions. */
export const FORMS: Forms = {
  field: FIELD,
  var: VARIABLE,
  fact: FACT,
  domain: DOMAIN,
  unknown: UNKNOWN,
  all: ALL,
  any: ANY,
  not: NOT,
  ite: ITE,
  between: BETWEEN,
  is: IS,
  isNot: IS_NOT,
  type: TYPE,
  exactType: EXACT_TYPE,
  isSet: IS_SET,
  isDefault: IS_DEFAULT,
  every: EVERY,
  some: SOME,
  count: COUNT,
  pairwise: PAIRWISE,
  let: LET,
  raises: RAISES,
  attr: ATTRIBUTE,
  hasAttr: HAS_ATTRIBUTE,
  matches: MATCHES,
};

/** Keys that are shorter in writing than in the tree. */
const SHORT: Readonly<Partial<Record<FormName, string>>> = { field: "f", var: "v", domain: "dom" };

/** The key that a form is written with. */
export const formKey = (op: FormName): string => SHORT[op] ?? op;

const BY_KEY: ReadonlyMap<string, FormName> = new Map(
  (Object.keys(FORMS) as FormName[]).map((op) => [formKey(op), op]),
);

/** The form that a key stands for. */
export const formOf = (key: string): FormName | undefined => BY_KEY.get(key);

/** The form of an expression that is one. */
export const formFor = (op: Expr["op"]): Form<Expr> | undefined =>
  Object.hasOwn(FORMS, op) ? (FORMS[op as FormName] as unknown as Form<Expr>) : undefined;
