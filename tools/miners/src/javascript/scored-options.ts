import { decodeValue } from "@lem/config/invariants";
import type { SourceTree } from "../source/source-tree.ts";
import type { Field } from "../score/sample/subject.ts";
import type { ScoredClass } from "../score/sample/subjects.ts";
import { typeOfShape } from "../score/sample/value-type.ts";
import { declaredKeys, type DeclaredKey } from "./declarations.ts";
import type { JavaScriptTarget } from "./target.ts";

/** The options of a package as what configurations are drawn of: nothing here reads rules, only declared types. */
export function scoredOptions({ options }: JavaScriptTarget, tree: SourceTree): readonly ScoredClass[] {
  return options.map((each) => ({
    subject: { entry: each.name, fields: declaredKeys(tree, each).map(fieldOf) },
    calls: [],
    group: each.name,
    most: each.inputs,
  }));
}

function fieldOf({ name, shape, stated, nested, optional }: DeclaredKey): Field {
  const usual = stated === undefined ? undefined : decodeValue(stated);
  return {
    name,
    type: typeOfShape(shape),
    required: !optional,
    default: usual,
    hints: usual === undefined ? [] : [usual],
    names: nested.map((each) => each.name),
    nested:
      nested.length === 0
        ? []
        : [{ className: name, mro: [], isMade: false, fields: nested.map((each) => fieldOf(each)) }],
  };
}
