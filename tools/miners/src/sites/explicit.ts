import type { Frame } from "../graph/frame.ts";
import { isLoudLog, isWarning } from "../graph/log-call.ts";
import type { References } from "../graph/references.ts";
import { siteAt, type FoundSite, type Step } from "./site.ts";

/** Raise and assert statements, warnings, and log calls of level WARNING or above. */
export function explicitSites(steps: readonly Step[], frame: Frame, references: References): readonly FoundSite[] {
  return steps.flatMap((step) => {
    const { node } = step;
    if (node.kind === "Raise") return [siteAt(step, "raise")];
    if (node.kind === "Assert") return [siteAt(step, "assert")];
    if (node.kind !== "Call") return [];
    const receiver = node.func.kind === "Attribute" ? references.of(node.func.value, frame) : undefined;
    if (isLoudLog(node, receiver)) return [siteAt(step, "log")];
    return isWarning(references.of(node.func, frame)) ? [siteAt(step, "warning")] : [];
  });
}
