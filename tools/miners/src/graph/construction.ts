import { lastName } from "../modules/bindings.ts";
import type { ClassOrder } from "../modules/class-order.ts";
import type { ClassInfo, FunctionInfo } from "../modules/definitions.ts";
import { everyNode } from "../syntax/inside.ts";
import type { Expr } from "../syntax/expressions.ts";

/** Methods that Python, dataclasses, msgspec and pydantic call while an object is made, in their order. */
const MAKERS = ["__new__", "__init__", "__post_init__", "model_post_init", "__setattr__"];
const VALIDATORS = /^(field_validator|model_validator|validator|root_validator)$/;

/** True for a method that pydantic calls with a value to check or change. */
export const isValidator = ({ node }: FunctionInfo): boolean =>
  node.decorators.some((decorator) => VALIDATORS.test(lastName(decorator) ?? ""));

/** What runs when an object of the class is made: constructor methods, validators, and functions that its fields name. */
export function constructionOf(cls: ClassInfo, order: ClassOrder): readonly FunctionInfo[] {
  const makers = MAKERS.flatMap((name) => order.methods(cls, name));
  const found: FunctionInfo[] = [...makers];
  for (const ancestor of order.of(cls)) {
    if (ancestor.kind === "foreign") continue;
    found.push(...ancestor.methods.filter(isValidator));
    for (const field of ancestor.fields) {
      const named = [field.annotation, factoryOf(field.value)].filter((expr) => expr !== null);
      found.push(...named.flatMap((expr) => functionsIn(expr, ancestor, order)));
    }
  }
  return [...new Set(found)];
}

/** `field(default_factory=f)` runs `f` for each object; other defaults are made once, at import. */
function factoryOf(value: Expr | null): Expr | null {
  if (value?.kind !== "Call") return null;
  return value.keywords.find(({ name }) => name === "default_factory")?.value ?? null;
}

function functionsIn(expr: Expr, cls: ClassInfo, order: ClassOrder): readonly FunctionInfo[] {
  return [...everyNode(expr)].flatMap((node) => {
    if (node.kind !== "Name" && node.kind !== "Attribute") return [];
    const found = order.resolve(node, cls.module);
    if (found?.kind === "function") return [found];
    const isMade = found?.kind === "class" && node === expr;
    return isMade ? order.methods(found, "__init__").concat(order.methods(found, "__post_init__")) : [];
  });
}
