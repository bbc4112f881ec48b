import type { Expr } from "../syntax/expressions.ts";
import { siteAt, type FoundSite, type Step } from "./site.ts";

/** Returns of something else than an argument as it came; for functions whose result takes an argument's place. */
export function returnSites(steps: readonly Step[], params: ReadonlySet<string>): readonly FoundSite[] {
  const stored = new Set(steps.flatMap(({ node }) => storedNames(node)));
  return steps.flatMap((step) => {
    const { node } = step;
    if (node.kind !== "Return" || node.value === null) return [];
    const isArgument = node.value.kind === "Name" && params.has(node.value.id) && !stored.has(node.value.id);
    return isArgument ? [] : [siteAt(step, "return")];
  });
}

function storedNames(node: Step["node"]): readonly string[] {
  const targets: readonly Expr[] =
    node.kind === "Assign" ? node.targets : node.kind === "AugAssign" ? [node.target] : [];
  return targets.flatMap((target) => (target.kind === "Name" ? [target.id] : []));
}
