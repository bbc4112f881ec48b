import type { AttributeExpr } from "../expression.ts";
import { isFault, raises, tainted, unknown, type Outcome } from "../outcome.ts";
import { quoted } from "../python/literal.ts";
import { mayBeBuiltInAttribute } from "../values/classes.ts";
import { isObject, type PyValue } from "../values/value.ts";
import type { Form } from "./form.ts";

const NAME = /^[A-Za-z_]\w*$/;

/** The attribute; absent means AttributeError, but an object may have more attributes than are told. */
function attributeOf(value: PyValue, name: string): Outcome {
  if (isObject(value)) {
    const known = value.attributes.get(name);
    return known === undefined ? unknown("object", name, true) : known;
  }
  return mayBeBuiltInAttribute(name) ? unknown("object", name, true) : raises("AttributeError");
}

const attribute = (op: AttributeExpr["op"]): Pick<Form<AttributeExpr>, "parse" | "print" | "children"> => ({
  parse: (body, reader) => {
    const [of, name] = reader.array(body, 2, 2);
    return { op, of: reader.expr(of, 0), name: reader.text(name, "attribute", NAME) };
  },
  print: ({ of, name }, print) => [print(of), name],
  children: ({ of }) => [of],
});

/** Python's `x.name`. */
export const ATTRIBUTE: Form<AttributeExpr> = {
  ...attribute("attr"),
  meaning: "an attribute; AttributeError on values that have none of that name",
  example: { attr: [{ f: "watermarking_config" }, "bias"] },
  isCondition: false,
  value: ({ of, name }, compiler) => {
    const inner = compiler.value(of);
    return (frame) => {
      const outcome = inner(frame);
      if (!isFault(outcome)) return attributeOf(outcome, name);
      return outcome.type === "unknown" ? tainted(outcome) : outcome;
    };
  },
  python: ({ of, name }, render) => `(${render(of)}).${name}`,
};

/** Python's `hasattr`. */
export const HAS_ATTRIBUTE: Form<AttributeExpr> = {
  ...attribute("hasAttr"),
  meaning: "`hasattr(x, name)`",
  example: { hasAttr: [{ f: "compile_config" }, "to_dict"] },
  isCondition: true,
  value: ({ of, name }, compiler) => {
    const inner = compiler.value(of);
    return (frame) => {
      const outcome = inner(frame);
      if (isFault(outcome)) return outcome;
      const found = attributeOf(outcome, name);
      if (!isFault(found)) return true;
      return found.type === "raises" ? false : { ...found, mayRaise: false };
    };
  },
  python: ({ of, name }, render) => `hasattr(${render(of)}, ${quoted(name)})`,
};
