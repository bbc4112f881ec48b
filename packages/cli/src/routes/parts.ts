import { LemError } from "@lem/domain";
import type { Example } from "./examples.ts";

/** A text as it is written. */
export const text = (input: string): string => input;
/** `--json` */
export const json = { kind: "boolean", brief: "print JSON on stdout", default: false, withNegated: false } as const;
/** The examples of a help page. */
export const usage = (examples: readonly Example[]): { input: string; brief: string }[] =>
  examples.map((example) => ({ ...example }));

/** A switch that is off. */
export const flag = { kind: "boolean", default: false, withNegated: false } as const;
/** `--out DIR` */
export const out: {
  readonly kind: "parsed";
  readonly parse: (input: string) => string;
  readonly optional: true;
  readonly brief: string;
  readonly placeholder: string;
} = { kind: "parsed", parse: text, optional: true, brief: "results folder (default: ./results)", placeholder: "DIR" };

/** A whole number from 1 up. @throws LemError `cli.usage` */
export const count = (input: string): number => {
  const value = Number(input);
  if (!Number.isInteger(value) || value < 1) throw new LemError("cli.usage", `${input} is no whole number from 1 up`);
  return value;
};
