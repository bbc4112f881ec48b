export type * from "./class-schema.ts";
export type * from "./parameter.ts";
export { classParameters, listParameters, type EngineKnowledge } from "./list-parameters.ts";
export { loadClassSchemas, type ClassSchemasLookup } from "../corpora.ts";
export { engineYamlLines, valueOf, type EngineYamlOptions } from "./engine-yaml.ts";
export { yamlText } from "./default-text.ts";
