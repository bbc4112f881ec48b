export * from "./codec.ts";
export * from "./layout.ts";
export * from "../manifest/manifest.ts";
export { readManifest } from "../manifest/read.ts";
export * from "./new-file.ts";
export * from "./read.ts";
