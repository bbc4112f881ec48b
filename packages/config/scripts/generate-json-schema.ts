import { join } from "node:path";
import { experimentJsonSchema } from "../src/schema/fields.ts";
import { writeOrCheck, type GeneratedFile } from "./generated-file.ts";

/** The JSON Schema that editors use for experiment files. */
export const jsonSchemaFile = (): GeneratedFile => ({
  path: join(import.meta.dirname, "..", "schema", "experiment.schema.json"),
  text: `${JSON.stringify(experimentJsonSchema(), null, 2)}\n`,
});

if (import.meta.main) writeOrCheck(jsonSchemaFile(), process.argv);
