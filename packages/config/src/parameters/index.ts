export type * from "./class-schema.ts";
