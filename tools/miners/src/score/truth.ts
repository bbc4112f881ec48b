import type { ProbeAnswer, ProbeException, ProbeStage, Tagged } from "../probe/protocol.ts";
import type { EntryClass } from "../targets/target.ts";
import { isSameValue } from "./same-value.ts";

/** What the engine really made of a configuration. */
export interface Truth {
  readonly kind: "known";
  /** The constructor or a call after it refused. */
  readonly refused: boolean;
  /** A call in strict mode refused, something was said at WARNING or above, or a given value changed. */
  readonly noticed: boolean;
  /** Given fields that hold another value, or one of another type, in the end. */
  readonly changed: Readonly<Record<string, Tagged>>;
  /** Places that refused or said something, as `path:line`; of collected errors the field and type. */
  readonly sites: readonly string[];
  /** Every place that a refusal went through, the innermost first. */
  readonly through: readonly string[];
}

/** Why nothing is known of a configuration. */
export interface NoTruth {
  readonly kind: "flaky" | "lost" | "unconstructible";
}

/** Reads a probe's answer by what the target's calls mean. */
export function truthOf(
  answer: ProbeAnswer,
  { keywords, calls }: { keywords: Readonly<Record<string, Tagged>>; calls: EntryClass["calls"] },
): Truth | NoTruth {
  if (answer.kind !== "done") return { kind: answer.kind };
  if (answer.flaky) return { kind: "flaky" };
  const strict = answer.stages.filter(({ stage }) => calls[stage - 1]?.severity === "warn");
  const usual = answer.stages.filter((stage) => !strict.includes(stage));
  const refusals = usual.filter(isRefusal);
  const refused = refusals.length > 0;
  const changed = refused ? {} : changedFields(keywords, usual.at(-1));
  const said = usual.flatMap((stage) => stage.said.map(({ path, line }) => `${path}:${line}`));
  const warned = strict.filter(isRefusal);
  return {
    kind: "known",
    refused,
    noticed: !refused && (warned.length > 0 || said.length > 0 || Object.keys(changed).length > 0),
    changed,
    sites: [...new Set(refused ? refusals.flatMap(sitesOf) : [...warned.flatMap(sitesOf), ...said])],
    through: refused ? [...new Set(refusals.flatMap(placesOf))] : [],
  };
}

const isRefusal = ({ outcome }: ProbeStage): boolean => outcome === "raised";

function sitesOf({ exception }: ProbeStage): readonly string[] {
  if (exception === null) return [];
  const { items, frames } = exception as ProbeException;
  if (items.length > 0) return items.map(({ loc, type }) => `${loc.join(".")}:${type}`);
  const [inner] = frames;
  return [inner === undefined ? `outside:${exception.type}` : `${inner.path}:${inner.line}`];
}

/** Of collected errors the parameter alone, and the places of the engine's own checks. */
function placesOf(stage: ProbeStage): readonly string[] {
  const { frames = [], items = [] } = stage.exception ?? {};
  const all = [...frames, ...items.flatMap((item) => item.frames)];
  const parameters = items.map(({ loc }) => String(loc[0] ?? ""));
  return [...all.map(({ path, line }) => `${path}:${line}`), ...parameters, ...(all.length > 0 ? [] : sitesOf(stage))];
}

function changedFields(
  keywords: Readonly<Record<string, Tagged>>,
  last: ProbeStage | undefined,
): Readonly<Record<string, Tagged>> {
  const state = last?.state ?? {};
  return Object.fromEntries(
    Object.entries(keywords).flatMap(([name, given]) =>
      name in state && isChanged(given, state[name]) ? [[name, state[name]]] : [],
    ),
  );
}

/** An object stays what it is while it is one of its class: what that class made of its attributes is its own affair. */
function isChanged(given: Tagged, end: Tagged): boolean {
  const before = classNameOf(given);
  return before === undefined ? !isSameValue(end, given) : classNameOf(end) !== before;
}

function classNameOf(value: Tagged): string | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const { $py: type, value: held } = value as Readonly<Record<string, unknown>>;
  return type === "object" ? (held as { readonly class: string }).class : undefined;
}
