import { decodeValue } from "@lem/config/invariants";
import type { GroundAnswer } from "../candidates/ground.ts";

interface RawAnswer {
  readonly kind: GroundAnswer["kind"];
  readonly value?: unknown;
  readonly exception?: string;
  readonly type?: string;
  readonly attributes?: readonly string[];
  readonly types?: Readonly<Record<string, string>>;
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
      const { type = "object", attributes = [], types } = raw;
      const opaque = { kind: "opaque", type, attributes, ...(types === undefined ? {} : { types }) } as const;
      if (raw.members === undefined) return opaque;
      const members = Object.entries(raw.members).map(([name, value]) => [name, decodeValue(value)] as const);
      return { ...opaque, members: Object.fromEntries(members) };
    }
    case "unavailable":
      return { kind: "unavailable", reason: raw.reason ?? "no answer" };
  }
}
