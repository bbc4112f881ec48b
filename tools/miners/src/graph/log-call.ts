import type { Reference } from "./references.ts";
import { lastName } from "../modules/bindings.ts";
import type { Expr, ExprOf } from "../syntax/expressions.ts";

const LOUD = /^(warn|warning|error|critical|exception|fatal)(_\w+)?$/;
const LEVELS = /^(DEBUG|INFO|NOTSET)$/;
const LOGGER = /log(ger|ging)?$/i;

/**
 * True for a call on a logger that says something of level WARNING or above, `warning_once` and its like included.
 * A level that is not written out counts as loud.
 */
export function isLoudLog(call: ExprOf<"Call">, receiver: Reference | undefined): boolean {
  const { func } = call;
  if (func.kind !== "Attribute" || !isLogger(func.value, receiver)) return false;
  if (func.attr !== "log") return LOUD.test(func.attr);
  const [level] = call.args;
  if (level?.kind === "Constant" && level.literal.type === "int") return level.literal.value >= 30n;
  return level !== undefined && !LEVELS.test(lastName(level) ?? "");
}

/** A logger is known by the name it has, or by that of the function or class that makes it. */
function isLogger(expr: Expr, receiver: Reference | undefined): boolean {
  if (LOGGER.test(lastName(expr) ?? "")) return true;
  if (receiver?.kind === "constant") return receiver.value !== null && LOGGER.test(lastName(receiver.value) ?? "");
  if (receiver?.kind === "instance") return LOGGER.test(receiver.cls.node.name);
  return receiver?.kind === "foreign" && /^logging\.(getLogger|Logger)\b/.test(receiver.name);
}

/** True for `warnings.warn` and `warnings.warn_explicit`, under whatever name they were imported. */
export const isWarning = (called: Reference | undefined): boolean =>
  called?.kind === "foreign" && /^warnings\.warn(_explicit)?$/.test(called.name);
