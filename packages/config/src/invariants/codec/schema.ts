import { isLemError } from "@lem/domain";
import { z } from "zod";
import type { Expr } from "../expression.ts";
import { parsePredicate } from "./parse.ts";

/** A predicate as a field of a zod schema: what cannot be read is an issue with its place inside the predicate. */
export const predicateSchema: z.ZodType<Expr> = z.unknown().transform((json, context) => {
  try {
    return parsePredicate(json);
  } catch (error) {
    if (!isLemError(error, "config.predicate")) throw error;
    const place = error.context["path"];
    const path = typeof place === "string" ? place.split(".") : [];
    context.addIssue({ code: "custom", message: error.message, path: path.filter((part) => part !== "") });
    return z.NEVER;
  }
});
