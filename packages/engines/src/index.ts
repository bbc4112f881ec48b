export type * from "./adapter.ts";
export type * from "./worker/protocol.ts";
export type * from "./models/artifact.ts";
