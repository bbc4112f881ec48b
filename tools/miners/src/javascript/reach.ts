import type { ImplicitOperator, SiteKind } from "../sites/site.ts";
import { methodOf, methodsOf, qualnameOf, type Module, type PackageIndex } from "./package-index.ts";
import { everyNode, keyName, lineOf, type FunctionNode, type Located } from "./syntax.ts";
import type { JavaScriptTarget } from "./target.ts";
import { placeKey } from "./walk/recorder.ts";

/** A refusal that is written in a function that options may reach. */
export interface ReachedSite {
  readonly path: string;
  readonly qualname: string;
  readonly line: number;
  readonly column: number;
  readonly kind: SiteKind;
  readonly operator: ImplicitOperator | null;
  readonly depth: number;
  readonly entries: readonly string[];
}

interface Reached {
  readonly node: FunctionNode;
  readonly module: Module;
  readonly owner: string | undefined;
  readonly depth: number;
}

/** Calls that are followed: what is farther away than this is hardly about options. */
const DEEPEST = 8;

/** Throw statements in all functions that the entry functions may call, by the names that calls spell. */
export function reachedSites(index: PackageIndex, target: JavaScriptTarget): ReadonlyMap<string, ReachedSite> {
  const sites = new Map<string, ReachedSite>();
  for (const { name, walk } of target.options) {
    const module = index.module(`${target.package}/${walk.path}`);
    const cls = module?.find(walk.cls);
    if (module === undefined || cls?.kind !== "class") continue;
    const node = methodOf(cls.cls, walk.method, ["method"], walk.self === null);
    if (node === undefined) continue;
    for (const each of reachable(index, { node, module, owner: walk.cls, depth: 0 }))
      for (const [key, site] of sitesIn(each)) {
        const entries = [...new Set([...(sites.get(key)?.entries ?? []), name])];
        sites.set(key, { ...site, entries });
      }
  }
  return sites;
}

function reachable(index: PackageIndex, start: Reached): readonly Reached[] {
  const seen = new Map<FunctionNode, Reached>([[start.node, start]]);
  const queue = [start];
  for (let each = queue.shift(); each !== undefined; each = queue.shift()) {
    if (each.depth >= DEEPEST) continue;
    for (const next of calledIn(index, each)) {
      if (seen.has(next.node)) continue;
      seen.set(next.node, next);
      queue.push(next);
    }
  }
  return [...seen.values()];
}

function calledIn(index: PackageIndex, { node, module, depth }: Reached): readonly Reached[] {
  return [...everyNode(node)].flatMap((each): Reached[] => {
    const callee = each["callee"] as { type: string; name?: string; property?: never; computed?: boolean } | undefined;
    if (callee === undefined) return [];
    if (callee.type === "Identifier") return named(module, callee.name ?? "", depth);
    if (!callee.type.endsWith("MemberExpression")) return [];
    const name = keyName(callee.property as never, callee.computed === true) ?? "";
    const only = index.onlyMethod(name);
    if (only === undefined) return [];
    return [{ node: only.node, module: only.cls.module, owner: only.cls.name, depth: depth + 1 }];
  });
}

function named(module: Module, name: string, depth: number): Reached[] {
  const found = module.find(name);
  if (found?.kind === "function")
    return [{ node: found.node, module: found.module, owner: undefined, depth: depth + 1 }];
  if (found?.kind !== "class") return [];
  return methodsOf(found.cls)
    .filter(({ kind }) => kind === "constructor")
    .map((node) => ({ node, module: found.cls.module, owner: found.cls.name, depth: depth + 1 }));
}

function sitesIn({
  node,
  module,
  owner,
  depth,
}: Reached): readonly (readonly [string, Omit<ReachedSite, "entries">])[] {
  const qualname = qualnameOf(node, owner);
  return [...everyNode(node.body)].flatMap((each) => {
    const thrown = each["argument"] as Located | undefined;
    if (each.type !== "ThrowStatement" || thrown?.type !== "NewExpression") return [];
    const [line, column] = [lineOf(each), each.loc?.start.column ?? 0];
    const key = placeKey(module.path, line, column, "raise");
    return [[key, { path: module.path, qualname, line, column, kind: "raise", operator: null, depth }] as const];
  });
}
