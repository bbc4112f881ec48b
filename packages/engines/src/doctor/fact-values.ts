import type { Fact } from "@lem/domain";

/** The value of an observed fact, else undefined. */
export const valueOf = (found: Fact | undefined): unknown => (found?.status === "measured" ? found.value : undefined);

/** The value if it is a number, else undefined. */
export function numberOf(found: Fact | undefined): number | undefined {
  const value = valueOf(found);
  return typeof value === "number" ? value : undefined;
}

/** The value as text, several joined by commas; undefined for a missing fact. */
export function textOf(found: Fact | undefined): string | undefined {
  const value = valueOf(found);
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map(String).join(", ") : JSON.stringify(value).replaceAll(/^"|"$/g, "");
}

/** Why a fact is missing. */
export const detailOf = (found: Fact | undefined): string =>
  found?.status === "unavailable" ? found.detail : "not looked at";
