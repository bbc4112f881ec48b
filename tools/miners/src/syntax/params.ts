import type { Param } from "./expressions.ts";
import type { Node } from "web-tree-sitter";
import { optionalField, parts, spanOf, under, type Convert } from "./convert.ts";

type Role = Param["role"];

const STARS: Readonly<Record<string, Role>> = { list_splat_pattern: "args", dictionary_splat_pattern: "kwargs" };

/** Parameters of a function or lambda, with the roles that `/` and `*` give them. */
export function paramsOf(list: Node, convert: Convert): readonly Param[] {
  const found: Param[] = [];
  let role: Role = "any";
  for (const item of parts(list)) {
    if (item.type === "positional_separator") {
      for (const [index, earlier] of found.entries()) found[index] = { ...earlier, role: "positional" };
    } else if (item.type === "keyword_separator") {
      role = "keyword";
    } else {
      const param = paramOf(item, role, convert);
      if (param.role === "args") role = "keyword";
      found.push(param);
    }
  }
  return found;
}

function paramOf(item: Node, role: Role, convert: Convert): Param {
  const named = under(item, "name")[0] ?? (item.type === "typed_parameter" ? parts(item)[0] : item) ?? item;
  return {
    kind: "param",
    span: spanOf(item),
    name: named.text.replace(/^\*+\s*/, ""),
    role: STARS[named.type] ?? role,
    annotation: optionalField(item, "type", convert),
    default: optionalField(item, "value", convert),
  };
}
