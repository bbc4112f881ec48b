import type { EngineId } from "@lem/domain";
import { listFields, type Field } from "./schema/fields.ts";

/** What a field without a default may look like; it is written as a comment. */
const EXAMPLES: Readonly<Record<string, string>> = {
  name: "my-experiment",
  extends: "base.yaml",
  preset: "deterministic",
  "workload.prompts": "builtin:classics",
  "workload.lengths": "{ kind: uniform, min: 32, max: 128 }",
  "workload.input_tokens": "128",
  "workload.max_batch_tokens": "2048",
  "measurement.energy.trace": "trace.jsonl",
  "sweep.axes": "{ workload.batch_size: [1, 2, 4] }",
  "sweep.groups": "{ work: [{}, { workload.n: 16, workload.output_tokens: 128 }] }",
  "sweep.experiments": "[{ workload.n: 32 }]",
  "sweep.sample": "{ n: 100 }",
  "execution.retries.codes": "[worker.silent]",
};

const LINE_WIDTH = 100;

/** The native part of an example: the engine, and the lines below its name. */
export interface NativeExample {
  readonly engine: EngineId;
  readonly lines: readonly string[];
}

/** A configuration that says every default and explains every field: what `lem config init` writes. */
export function exampleExperimentYaml(native?: NativeExample): string {
  const head = [
    "# One experiment of lem. The values are the defaults; what is behind a # is optional.",
    "# See the outcome of all files, flags and defaults with: lem plan FILE",
    "",
  ];
  const fields = native === undefined ? listFields() : listFields().filter((field) => isOf(field, native));
  return `${[...head, ...fields.flatMap((field) => fieldLines(field, native))].join("\n")}\n`;
}

/** True for lem's own fields, and for what stands for the whole native part. */
function isOf({ path, group }: Field, { engine }: NativeExample): boolean {
  const [first = ""] = path.split(".");
  return path === engine || OWN.has(first) || first === SWEEP || !(group || path.includes("."));
}

function fieldLines(field: Field, native: NativeExample | undefined): readonly string[] {
  const segments = field.path.split(".");
  const depth = segments.length - 1;
  const key = segments.at(-1) ?? "";
  if (key === native?.engine) return ["", `# ${field.description}`, `${key}:`, ...native.lines];
  if (segments[0] === SWEEP) return depth === 2 ? [] : sweepLines(field, key, depth);
  if (!OWN.has(segments[0] ?? "") && (field.group || field.type === "map")) return nativeLines(field, key, depth);
  return ownLines(field, depth, native?.engine);
}

function ownLines(field: Field, depth: number, engine: EngineId | undefined): readonly string[] {
  const key = field.path.split(".").at(-1) ?? "";
  const indent = "  ".repeat(depth);
  const described = wrap(field.description, LINE_WIDTH - indent.length).map((line) => `${indent}# ${line}`);
  const line = engine !== undefined && field.path === "engine" ? `engine: ${engine}` : valueLine(field, key);
  return [...(depth === 0 && field.group ? [""] : []), ...described, `${indent}${line}`];
}

/** Groups whose fields are lem's own; the other groups belong to engines, and only one engine's can be in use. */
const OWN = new Set(["workload", "measurement", "execution"]);

function nativeLines(field: Field, key: string, depth: number): readonly string[] {
  if (depth === 0) return ["", `# ${field.description}`, `# ${key}:`];
  return depth === 1 ? [`#   ${key}: {} # ${field.description}`] : [];
}

/** A sweep makes a study of the file, so that its example is a comment. */
const SWEEP = "sweep";

function sweepLines(field: Field, key: string, depth: number): readonly string[] {
  if (depth === 0) return ["", `# ${field.description}`, `# ${key}:`];
  const [first] = field.description.split(/[:;] /);
  return [
    ...wrap(`${first}.`.replace("..", "."), LINE_WIDTH - 6).map((line) => `#   # ${line}`),
    `#   ${key}: ${EXAMPLES[field.path]}`,
  ];
}

function valueLine(field: Field, key: string): string {
  if (field.group) return `${key}:`;
  const example = EXAMPLES[field.path];
  return example === undefined ? `${key}: ${String(field.default)}` : `# ${key}: ${example}`;
}

/** Breaks a text into lines of at most a width. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width && line !== "") lines.push(line);
    line = longer.length > width ? word : longer;
  }
  return [...lines, line];
}
