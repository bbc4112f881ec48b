import { describe, expect, it } from "vitest";
import { fact, measured, type ExperimentResult, type JsonObject, type Reading, type Unit } from "@lem/domain";
import { effectText, parameterEffects } from "../src/effects.ts";
import { none, resultOf } from "./result-of.ts";

/** A reading of ten windows that is known to half a percent. */
const known = (value: number, unit: Unit): Reading =>
  measured({
    value,
    unit,
    source: "ring",
    n: 10,
    interval: { level: 0.95, low: 0.995 * value, high: 1.005 * value, method: "cosine-t" },
  });

interface Changes {
  readonly id: string;
  readonly sections?: JsonObject;
  readonly model?: string;
  readonly perToken?: number | undefined;
  readonly rate?: number;
  readonly board?: string;
  readonly status?: ExperimentResult["status"];
}

function runOf({
  id,
  sections = {},
  model = "m",
  perToken = 0.1,
  rate = 1000,
  board = "GPU-a",
  status,
}: Changes): ExperimentResult {
  const plain = resultOf();
  return {
    ...plain,
    experiment_id: id,
    status: status ?? "completed",
    engine: { ...plain.engine, name: "vllm", version: "1" },
    config: { ...plain.config, resolved: { name: id, engine: "vllm", model, sections, floats: [], unchecked: [] } },
    energy: { joules_per_output_token: Number.isNaN(perToken) ? none : known(perToken, "J/token") },
    throughput: { ...plain.throughput, output_tokens_per_second: known(rate, "token/s") },
    environment: { ...plain.environment, facts: { gpu: { gpu0_uuid: fact(board, "NVML") } } as never },
    quality: { verdict: "valid", findings: [] },
  };
}

const engine = (keys: JsonObject): JsonObject => ({ engine: keys });

describe("what results say of parameters", () => {
  it("compares results that differ in one native parameter alone", () => {
    const found = parameterEffects([
      [
        runOf({ id: "aaaaaaaaaaaa" }),
        runOf({ id: "bbbbbbbbbbbb", sections: engine({ eager: true }), perToken: 0.12, rate: 1001 }),
        runOf({ id: "cccccccccccc", sections: engine({ eager: true, seqs: 8 }), perToken: 0.12, rate: 800 }),
        runOf({ id: "dddddddddddd", sections: engine({ eager: true, seqs: 16 }), perToken: 0.06, rate: 1600 }),
      ],
    ]);
    expect(found.map(({ path, energy, throughput }) => [path, energy, throughput])).toEqual([
      ["vllm.engine.eager", "moves", "not-distinguishable"],
      ["vllm.engine.seqs", "moves", "moves"],
    ]);
    expect(
      found[1]?.pairs.map(({ first_id, second_id, first, second }) => [first_id, second_id, first, second]),
    ).toEqual([
      ["bbbbbbbbbbbb", "cccccccccccc", undefined, 8],
      ["bbbbbbbbbbbb", "dddddddddddd", undefined, 16],
    ]);
    expect(effectText(found[0])).toBe(
      "J/token +20.0 % (aaaaaaaaaaaa → bbbbbbbbbbbb); tokens/s not distinguishable (aaaaaaaaaaaa → bbbbbbbbbbbb)",
    );
    expect(effectText(found[1])).toBe(
      "J/token −50.0 % (bbbbbbbbbbbb → dddddddddddd); tokens/s +59.8 % (bbbbbbbbbbbb → dddddddddddd)",
    );
  });

  it("compares nothing across models, boards or failures, and says unknown", () => {
    const a = runOf({ id: "a" });
    const changed = engine({ eager: true });
    const others = [
      runOf({ id: "b", sections: changed, model: "n" }),
      runOf({ id: "c", sections: changed, board: "GPU-b" }),
      runOf({ id: "d", sections: changed, status: "failed" }),
      runOf({ id: "e", sections: engine({ eager: true, other: 1 }) }),
    ];
    for (const other of others) expect(parameterEffects([[a, other]])).toEqual([]);
    expect(effectText(undefined)).toBe("unknown");
  });

  it("says which of the two is unknown", () => {
    const [found] = parameterEffects([
      [
        runOf({ id: "a", perToken: Number.NaN }),
        runOf({ id: "b", sections: engine({ x: 1 }), perToken: Number.NaN, rate: 500 }),
      ],
    ]);
    expect(found).toMatchObject({ energy: "unknown", throughput: "moves" });
    expect(effectText(found)).toBe("J/token unknown; tokens/s −50.0 % (a → b)");
  });

  it("corrects for all pairs together: many alike runs move nothing by chance", () => {
    const runs = Array.from({ length: 40 }, (_, at) =>
      runOf({ id: `r${at}`, sections: at === 0 ? {} : engine({ x: at }), perToken: 0.1 + 0.0003 * (at % 3) }),
    );
    expect(parameterEffects([runs])[0]).toMatchObject({ energy: "not-distinguishable" });
  });
});
