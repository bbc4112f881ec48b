import type { PyValue } from "@lem/config/invariants";
import { functionModel, samplesOf } from "../functions/function-model.ts";
import { ModuleIndex } from "../modules/module-index.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { pythonParser } from "../syntax/parse.ts";
import type { Target, TargetFunction } from "../targets/target.ts";
import { documentationOfFunction } from "./sample/doc-words.ts";
import type { Field } from "./sample/subject.ts";
import type { ScoredClass } from "./sample/subjects.ts";
import { typeOfText } from "./sample/type-text.ts";
import { typeOfValue, union } from "./sample/value-type.ts";

/** The functions of a target, with the keywords that this version names. A call costs more than a construction. */
export async function scoredFunctions({ functions }: Target, tree: SourceTree): Promise<readonly ScoredClass[]> {
  const index = new ModuleIndex(tree, await pythonParser());
  return functions.map((each) => ({
    subject: { entry: each.name, fields: fieldsOf(each, index) },
    calls: [],
    group: each.name,
    most: each.inputs,
  }));
}

function fieldsOf(target: TargetFunction, index: ModuleIndex): readonly Field[] {
  const samples = samplesOf(target);
  const written = target.named_by.toReversed().flatMap((name) => {
    const found = index.find(name);
    return found?.kind === "function" ? [...documentationOfFunction(found)] : [];
  });
  const documented = new Map(written);
  return functionModel(target, index).parameters.map(({ name, default: usual }): Field => {
    const { type = "", values = [], names = [] } = documented.get(name) ?? {};
    const hints: readonly PyValue[] = [...(samples.get(name) ?? []), ...values];
    const types = type === "" ? hints.map(typeOfValue) : [typeOfText(type)];
    const known = usual?.op === "const" ? usual.value : undefined;
    return { name, required: false, default: known, type: union(types), hints, names, nested: [] };
  });
}
