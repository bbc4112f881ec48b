import type { UnavailableReason } from "./reading.ts";
import type { JsonValue } from "./fingerprint.ts";

/** A fact about the machine: observed with its source, or unavailable with the reason. Never guessed. */
export type Fact =
  | { readonly status: "measured"; readonly value: JsonValue; readonly source: string; readonly unit?: string }
  | { readonly status: "unavailable"; readonly reason: UnavailableReason; readonly detail: string };

/** The groups of the environment snapshot, in the order they are shown. */
export const FACT_GROUPS = ["cpu", "memory", "os", "container", "gpu", "software", "repository", "clock"] as const;
/** One group of facts. */
export type FactGroup = (typeof FACT_GROUPS)[number];

/** The environment of a run (MEAS-01): facts by group and name, names in snake_case with their unit. */
export interface EnvironmentSnapshot {
  readonly taken_at: string;
  readonly facts: Readonly<Record<FactGroup, Readonly<Record<string, Fact>>>>;
}

/** Makes an observed fact. */
export const fact = (value: JsonValue, source: string, unit?: string): Fact => ({
  status: "measured",
  value,
  source,
  ...(unit === undefined ? {} : { unit }),
});

/** Makes a missing fact. */
export const missingFact = (reason: UnavailableReason, detail: string): Fact => ({
  status: "unavailable",
  reason,
  detail,
});
