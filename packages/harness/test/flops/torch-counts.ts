import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "@lem/domain";

/** What torch counted for one model. */
export interface TorchCase {
  readonly name: string;
  readonly config: JsonObject;
  /** The same config as save_pretrained() of transformers writes it. */
  readonly saved: JsonObject;
  readonly input: number;
  readonly output: number;
  readonly batch: number;
  readonly meta?: boolean;
  readonly counts: { readonly parameters: number; readonly prefill: number; readonly decode: readonly number[] };
}

export interface TorchCounts {
  readonly versions: { readonly python: string; readonly torch: string; readonly transformers: string };
  readonly cases: readonly TorchCase[];
}

/** Written by `flop_counter.py`; count again with `python flop_counter.py fixtures/torch-counts.json`. */
export const RECORDED: string = join(import.meta.dirname, "fixtures", "torch-counts.json");

export const recordedCounts = (): TorchCounts => JSON.parse(readFileSync(RECORDED, "utf8")) as TorchCounts;
