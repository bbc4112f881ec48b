import type { Param } from "../syntax/expressions.ts";
import { bindingsOf } from "../modules/bindings.ts";
import type { Binding, ClassInfo, FunctionInfo, Module } from "../modules/definitions.ts";

/** The names that a function body sees, from the inside out, before those of its module. */
export interface Frame {
  readonly fn: FunctionInfo;
  readonly module: Module;
  /** Class of the object that the method runs on; that of the caller's object, not always the one that defines it. */
  readonly self: ClassInfo | undefined;
  readonly params: ReadonlyMap<string, Param>;
  readonly locals: ReadonlyMap<string, Binding>;
  readonly outer: Frame | undefined;
}

/** Opens a function; a nested one sees the names of the function around it. */
export function openFrame(fn: FunctionInfo, module: Module, self?: ClassInfo, outer?: Frame): Frame {
  const above = module.isPackage ? module.name : module.name.split(".").slice(0, -1).join(".");
  const place = { module: fn.module, path: fn.path, package: above, prefix: `${fn.qualname}.<locals>.`, owner: null };
  const { names } = bindingsOf(fn.node.body, place);
  const params = new Map(fn.node.params.map((param) => [param.name, param]));
  return { fn, module, self, params, locals: names, outer };
}

/** The name of the parameter that is the object or class itself; undefined in a plain function. */
export function receiverName({ fn }: Frame): string | undefined {
  if (fn.owner === null || fn.role === "static-method") return undefined;
  return fn.node.params[0]?.name;
}
