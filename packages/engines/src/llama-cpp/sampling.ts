import type { JsonObject, JsonValue } from "@lem/domain";
import { LlamaContextSequence, type SequenceEvaluateOptions } from "node-llama-cpp";

/**
 * The options of every request: what the user set, the workload's seed where the user set none, and the token that
 * ends a text handed out like any other, so that it counts as it does in other engines.
 */
export function samplingOptions(set: JsonObject, seed: number): JsonObject {
  return { seed, yieldEogToken: true, ...set };
}

/**
 * What the native sampler is given for some options, in the names of the options. Null marks what has no effect: a
 * part that the sampler is not told of, and the limits and the seed at temperature zero, where the most probable
 * token is taken whatever they say.
 */
export function effectiveSampling(options: JsonObject): JsonObject {
  const config = samplerConfig(options);
  const greedy = Number(config["temperature"]) <= 0;
  const limits = RANDOM.map((name) => [name, greedy ? null : told(config[name])]);
  const parts = Object.entries(PARTS).flatMap(([name, natives]) => {
    const part = options[name];
    if (typeof part !== "object" || part === null) return [];
    return [[name, Object.fromEntries(Object.keys(part).map((key) => [key, told(config[natives[key] ?? ""])]))]];
  });
  return {
    temperature: told(config["temperature"]),
    ...(Object.fromEntries([...limits, ...parts]) as JsonObject),
  };
}

/** Options that only random sampling reads. */
const RANDOM = ["topK", "topP", "minP", "seed"];

/** Options that are objects, with the sampler's name of each field. */
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  xtc: { probability: "xtcProbability", threshold: "xtcThreshold" },
  repeatPenalty: {
    punishTokens: "repeatPenaltyTokens",
    maxPunishTokens: "repeatPenaltyMaxTokens",
    penalty: "repeatPenalty",
    frequencyPenalty: "repeatPenaltyFrequencyPenalty",
    presencePenalty: "repeatPenaltyPresencePenalty",
  },
  dryRepeatPenalty: {
    strength: "dryRepeatPenaltyStrength",
    base: "dryRepeatPenaltyBase",
    allowedLength: "dryRepeatPenaltyAllowedLength",
    lastTokens: "dryRepeatPenaltyLastTokens",
    sequenceBreakers: "dryRepeatPenaltySequenceBreakers",
  },
};

const told = (value: unknown): JsonValue =>
  ArrayBuffer.isView(value) ? Array.from(value as Uint32Array) : ((value ?? null) as JsonValue);

/** Options of the sampler that hold when nothing is set. */
export function defaultSampling(): JsonObject {
  const { temperature, topK, topP, minP } = samplerConfig({});
  return { temperature: told(temperature), topK: told(topK), topP: told(topP), minP: told(minP) };
}

/**
 * The binding offers no way to read a sampler back, so this asks the function through which it passes the options of
 * every token. It is not among the binding's documented ones: the binding's version is pinned, and a test holds it.
 */
function samplerConfig(options: JsonObject): Readonly<Record<string, unknown>> {
  const { _resolveSamplerConfig } = LlamaContextSequence.prototype as unknown as {
    readonly _resolveSamplerConfig: (options: SequenceEvaluateOptions) => Readonly<Record<string, unknown>>;
  };
  return _resolveSamplerConfig.call({ model: {} }, options as SequenceEvaluateOptions);
}
