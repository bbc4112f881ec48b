import type { Span } from "../syntax/nodes.ts";

/** A value as `@lem/config/invariants` encodes it (`encodeValue`, `decodeValue`). */
export type Tagged = unknown;

/** A call on the constructed object. */
export interface ThenCall {
  readonly method: string;
  readonly keywords: Readonly<Record<string, Tagged>>;
}

/** One construction to try. Each runs in a process that shares no state with other probes. */
export interface ProbeRequest {
  readonly id: number;
  readonly entry: string;
  readonly keywords: Readonly<Record<string, Tagged>>;
  readonly calls: readonly ThenCall[];
  /** Attributes to report besides the given ones; `all` reports every public one. */
  readonly report?: "all" | readonly string[];
  /** Of a class that takes a folder, the one fixture to try; all of them unless told. */
  readonly fixture?: string;
}

/** A place in the engine's source, relative to the folder that holds its package. */
export interface ProbePlace {
  readonly path: string;
  readonly qualname: string;
  readonly line: number;
  /** The expression or statement that was at work, columns in UTF-16 units; null before Python 3.11. */
  readonly span: Span | null;
}

/** One of the errors that a validator collects. `frames` are those of the engine's own validator that raised it. */
export interface ProbeItem {
  readonly loc: readonly (string | number)[];
  readonly type: string;
  readonly frames: readonly ProbePlace[];
}

/** An exception: its class, where it came from (innermost place in the engine's package first), and pydantic's items. */
export interface ProbeException {
  readonly type: string;
  readonly mro: readonly string[];
  readonly frames: readonly ProbePlace[];
  readonly items: readonly ProbeItem[];
}

/** What happened in one stage: 0 is the construction, n the n-th call. Later stages run also after a refusal by a call. */
export interface ProbeStage {
  readonly stage: number;
  readonly outcome: "returned" | "raised" | "skipped";
  readonly exception: ProbeException | null;
  /** Warnings and log records of level WARNING or above, with the place that issued them. */
  readonly said: readonly (ProbePlace & { readonly channel: "warning" | "log"; readonly category: string })[];
  /** Reported attributes as they are after the stage; one that is missing is left out. */
  readonly state: Readonly<Record<string, Tagged>>;
}

/** How a probe ended. `lost` is a worker that hung, died or was killed for memory, with the reason. */
export type ProbeAnswer =
  | { readonly id: number; readonly kind: "done"; readonly stages: readonly ProbeStage[]; readonly flaky: boolean }
  | { readonly id: number; readonly kind: "unconstructible"; readonly reason: string }
  | { readonly id: number; readonly kind: "lost"; readonly reason: "timeout" | "exited" | "memory" };

/** What the probe runs in. */
export interface ProbeHello {
  readonly python: string;
  readonly packages: Readonly<Record<string, string>>;
  /** SHA-256 of the asked files of the package, so that nothing is proven against another source. */
  readonly files: Readonly<Record<string, string>>;
  /** Landmarks that do not exist. */
  readonly missing: readonly string[];
}

/** A running probe of one engine version in one fact profile. */
export interface Probe {
  readonly hello: ProbeHello;
  /** Answers in the order of the requests. */
  run(requests: readonly ProbeRequest[]): Promise<readonly ProbeAnswer[]>;
  close(): Promise<void>;
}
