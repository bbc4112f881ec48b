import { tmpdir } from "node:os";
import { ENGINE_IDS, type EngineId } from "@lem/domain";
import { describe, expect, it } from "vitest";
import { loadCorpus, loadParameterSchema } from "../../src/corpora.ts";
import { exampleExperimentYaml } from "../../src/example-yaml.ts";
import { engineYamlLines } from "../../src/parameters/engine-yaml.ts";
import { listParameters, loadClassSchemas } from "../../src/parameters/index.ts";
import type { Parameter } from "../../src/parameters/parameter.ts";
import { sectionNames } from "../../src/schema/engine-sections.ts";
import { checkText } from "../../src/load.ts";

async function parametersOf(engine: EngineId): Promise<readonly Parameter[]> {
  const schema = loadParameterSchema(engine);
  const [rules, classes] = [await loadCorpus(engine), loadClassSchemas(engine)];
  return listParameters({
    schema: schema.status === "missing" ? undefined : schema.schema,
    rules: rules.status === "missing" ? undefined : rules.rules,
    classes: classes.status === "missing" ? undefined : classes.classes,
  });
}

const known = ENGINE_IDS.filter((engine) => loadParameterSchema(engine).status !== "missing");

/** What a value that is written as an example must not be: unknown, of a wrong type, out of a stated list. */
const SHAPE = new Set(["config.unknown-key", "config.wrong-type", "config.not-allowed", "config.out-of-range"]);

describe.each(known)("the annotated sections of %s", (engine) => {
  it.each([true, false])("pass the check as written (all: %s)", async (all) => {
    const lines = engineYamlLines(sectionNames(engine), await parametersOf(engine), { all });
    const text = exampleExperimentYaml({ engine, lines });
    const { problems, resolution } = await checkText(text, { cwd: tmpdir() });
    expect(problems).toEqual([]);
    expect(resolution?.experiment.engine).toBe(engine);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400);
  });

  it("hold every parameter, whose line sets it where it is no comment", { timeout: 60_000 }, async () => {
    const parameters = await parametersOf(engine);
    const offered = parameters.filter(({ left_out }) => left_out === undefined);
    for (const parameter of offered) {
      const { name, section = "", type, default: usual, methods } = parameter;
      const [line = ""] = engineYamlLines([section], [parameter], { all: true }).slice(1);
      expect(line.trim().startsWith(`# ${name}: `)).toBe(true);
      const lines = [
        `  ${section}:`,
        line.replace("# ", ""),
        ...(methods.length > 0 ? [`    ${KEY}: ${methods[0]}`] : []),
      ];
      const { problems } = await checkText(exampleExperimentYaml({ engine, lines }), { cwd: tmpdir() });
      const own = problems.filter(({ path }) => path.startsWith(`${engine}.${section}.${name}`));
      if (type === "any" && usual === undefined) continue; // no example of an unknown type need be right
      const isUsual = !line.includes("no default stated"); // else it is an example, which may need others beside it
      const wrong = own.filter(({ code }) => SHAPE.has(code) || (isUsual && code === "config.invariant"));
      expect([line, wrong.map(({ message }) => message)]).toEqual([line, []]);
    }
  });
});

/** The key that picks one of several classes. */
const KEY = "quant_method";
