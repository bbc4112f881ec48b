import { isValidator } from "../graph/construction.ts";
import type { Knowledge } from "../graph/edges.ts";
import type { Frame } from "../graph/frame.ts";
import type { Reached } from "../graph/reach.ts";
import { functionKey, type FunctionInfo } from "../modules/definitions.ts";
import type { Expr } from "../syntax/expressions.ts";
import { everyNode } from "../syntax/inside.ts";
import { collectedSites } from "./collected.ts";
import { explicitSites } from "./explicit.ts";
import { implicitSites } from "./implicit.ts";
import { returnSites } from "./returns.ts";
import type { FoundSite, Step } from "./site.ts";
import { stepsOf } from "./steps.ts";
import { storedValue, storeSites } from "./stores.ts";
import { UserValues } from "./user-values.ts";

/** The sites of one reached function, in the order of the file. */
export interface FunctionSites {
  readonly reached: Reached;
  readonly sites: readonly FoundSite[];
}

/** Every site of every reached function. */
export function takeInventory(reached: readonly Reached[], knowledge: Knowledge): readonly FunctionSites[] {
  const steps = new Map(reached.map(({ fn }) => [functionKey(fn), stepsOf(fn.node, fn.qualname)]));
  const transforming = transformingFunctions(reached, steps, knowledge);
  return reached.map((each) => {
    const own = steps.get(functionKey(each.fn)) ?? [];
    const sites = sitesIn(each, own, { knowledge, transforms: transforming.has(functionKey(each.fn)) });
    return { reached: each, sites: sites.toSorted(byPlace) };
  });
}

interface Question {
  readonly knowledge: Knowledge;
  readonly transforms: boolean;
}

function sitesIn({ fn, frames }: Reached, steps: readonly Step[], { knowledge, transforms }: Question): FoundSite[] {
  const [frame] = frames;
  if (frame === undefined) return [];
  const values = new UserValues(frame);
  const explicit = explicitSites(steps, frame, knowledge.references);
  const params = new Set(fn.node.params.map(({ name }) => name));
  return [
    ...explicit,
    ...collectedSites(steps, explicit),
    ...storeSites(steps, values),
    ...(transforms ? returnSites(steps, params) : []),
    ...implicitSites(steps, { frame, knowledge, values }),
  ];
}

const byPlace = ({ span: a, kind: k }: FoundSite, { span: b, kind: l }: FoundSite): number =>
  a.line - b.line || a.column - b.column || a.endLine - b.endLine || a.endColumn - b.endColumn || (k < l ? -1 : 1);

type StepsByFunction = ReadonlyMap<string, readonly Step[]>;

/** Functions whose result takes the place of a user's value: validators, and what stores and such results are made by. */
function transformingFunctions(
  reached: readonly Reached[],
  steps: StepsByFunction,
  knowledge: Knowledge,
): ReadonlySet<string> {
  const found = new Set(reached.filter(({ fn }) => isValidator(fn)).map(({ fn }) => functionKey(fn)));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { fn, frames } of reached) {
      const key = functionKey(fn);
      const question = { knowledge, transforms: found.has(key) };
      const makers = frames.flatMap((frame) => makersIn(steps.get(key) ?? [], frame, question));
      for (const maker of makers) found.add(functionKey(maker));
    }
  }
  return found;
}

function makersIn(steps: readonly Step[], frame: Frame, { knowledge, transforms }: Question): readonly FunctionInfo[] {
  const values = new UserValues(frame);
  return steps.flatMap((step) => {
    const isResult = transforms && step.node.kind === "Return";
    const value = isResult ? step.node.value : storedValue(step, values);
    return value === undefined || value === null ? [] : functionsCalledIn(value, frame, knowledge);
  });
}

function functionsCalledIn(expr: Expr, frame: Frame, { references }: Knowledge): readonly FunctionInfo[] {
  return [...everyNode(expr)].flatMap((each) => {
    const called = each.kind === "Call" ? references.of(each.func, frame) : undefined;
    if (called?.kind === "function") return [called];
    return called?.kind === "bound" ? called.methods : [];
  });
}
