import { keyName, type Expression, type Located } from "../syntax.ts";
import { refuseNothing } from "./members.ts";
import { variableOf } from "./names.ts";
import { chosen, opaque, whether, type Value } from "./value.ts";
import { FALSE } from "../../walk/expr/intern.ts";
import { UNDEFINED } from "./semantics.ts";
import type { At, Walk } from "./walk.ts";

interface PatternNode extends Located {
  readonly name?: string;
  readonly left?: PatternNode;
  readonly right?: Expression;
  readonly argument?: PatternNode;
  readonly elements?: readonly (PatternNode | null)[];
  readonly properties?: readonly {
    readonly type: string;
    readonly key: { readonly type: string };
    readonly computed: boolean;
    readonly value: PatternNode;
    readonly argument?: PatternNode;
  }[];
}

/** Whether a value is undefined. */
const isMissing = (value: Value): typeof FALSE => whether(value, (one) => (one.kind === "data" ? one.missing : FALSE));

/** Gives names to the parts of a value. A name that is in sight keeps its variable; a new one gets its own. */
export function bind(walk: Walk, pattern: unknown, value: Value, at: At): void {
  const node = pattern as PatternNode;
  switch (node.type) {
    case "Identifier":
      setName(walk, node.name ?? "", value, at);
      return;
    case "AssignmentPattern": {
      const missing = isMissing(value);
      const usual = missing === FALSE || node.right === undefined ? value : walk.evaluate(node.right, at);
      bind(walk, node.left, chosen(missing, usual, value), at);
      return;
    }
    case "ObjectPattern":
      refuseNothing(walk, value, [node, at]);
      bindProperties(walk, node, value, at);
      return;
    case "ArrayPattern":
      bindItems(walk, node, value, at);
      return;
    case "RestElement":
      bind(walk, node.argument, opaque("the rest"), at);
      return;
    default:
  }
}

function bindProperties(walk: Walk, { properties = [] }: PatternNode, value: Value, at: At): void {
  walk.recorder.caught += 1;
  const parts = properties.map((each) => {
    const name = each.type === "RestElement" ? undefined : keyName(each.key, each.computed);
    return [each, name === undefined ? opaque("the rest") : walk.member(value, name, each.key as Located, at)] as const;
  });
  walk.recorder.caught -= 1;
  for (const [each, part] of parts) bind(walk, each.type === "RestElement" ? each.argument : each.value, part, at);
}

function bindItems(walk: Walk, { elements = [] }: PatternNode, value: Value, at: At): void {
  for (const [place, each] of elements.entries()) {
    if (each === null) continue;
    const isKnown = value.kind === "object" && at.state.heap.get(value.id)?.isList === true;
    const item = isKnown ? walk.member(value, String(place), each, at) : opaque("an item");
    bind(walk, each, item, at);
  }
}

/** Puts a value under a name that is in sight; {@link declareName} makes a new one. */
function setName(walk: Walk, name: string, value: Value, { state, frame }: At): void {
  const known = variableOf(name, frame.scope);
  const id = known ?? walk.newId();
  if (known === undefined) frame.scope.names.set(name, id);
  state.variables.set(id, value);
}

/** Makes new names for a pattern in the innermost scope. */
export function declare(walk: Walk, pattern: unknown, { state, frame }: At): void {
  const node = pattern as PatternNode;
  if (node.type === "Identifier") {
    const id = walk.newId();
    frame.scope.names.set(node.name ?? "", id);
    state.variables.set(id, UNDEFINED);
    return;
  }
  for (const inner of [node.left, node.argument, ...(node.elements ?? [])])
    if (inner) declare(walk, inner, { state, frame });
  for (const each of node.properties ?? [])
    declare(walk, each.type === "RestElement" ? each.argument : each.value, { state, frame });
}
