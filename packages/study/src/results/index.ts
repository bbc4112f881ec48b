export * from "./codec.ts";
export * from "./layout.ts";
export * from "./manifest.ts";
export * from "./new-file.ts";
export * from "./read.ts";
