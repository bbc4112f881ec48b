import { decodeValue, type PyValue } from "@lem/config/invariants";
import type { GroundAnswer } from "../candidates/ground.ts";

interface RawAnswer {
  readonly kind: GroundAnswer["kind"];
  readonly value?: unknown;
  readonly exception?: string;
  readonly type?: string;
  readonly attributes?: readonly string[];
  readonly types?: Readonly<Record<string, string>>;
  readonly constants?: Readonly<Record<string, unknown>>;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}

/** A ground answer from its form on the pipe. A value that the predicate language lacks is unavailable. */
export function decodeGround(answer: unknown): GroundAnswer {
  const raw = answer as RawAnswer;
  try {
    return decoded(raw);
  } catch {
    return { kind: "unavailable", reason: "the predicate language has no such value" };
  }
}

function decoded(raw: RawAnswer): GroundAnswer {
  switch (raw.kind) {
    case "value":
      return { kind: "value", value: decodeValue(raw.value) };
    case "raises":
      return { kind: "raises", exception: raw.exception ?? "Exception" };
    case "opaque": {
      const { type = "object", attributes = [], types, constants, members } = raw;
      return {
        kind: "opaque",
        type,
        attributes,
        ...(types === undefined ? {} : { types }),
        ...(constants === undefined ? {} : { constants: decodedAll(constants) }),
        ...(members === undefined ? {} : { members: decodedAll(members) }),
      };
    }
    case "unavailable":
      return { kind: "unavailable", reason: raw.reason ?? "no answer" };
  }
}

const decodedAll = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, PyValue>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, decodeValue(value)]));
