import type { DocumentOptions, ParseOptions, SchemaOptions } from "yaml";

/** How texts are read: YAML 1.2 core. What is wrong is collected, and repeated keys are told with their places. */
export const PARSING: ParseOptions & DocumentOptions & SchemaOptions = {
  prettyErrors: false,
  schema: "core",
  resolveKnownTags: false,
  uniqueKeys: false,
  logLevel: "error",
};
