import { configDefaults, defineProject, type UserWorkspaceConfig } from "vitest/config";
import { enginePython } from "../../scripts/test-machine.mjs";

/** A machine without Python cannot have the engine; one with Python must, or these tests fail. */
const withoutPython = enginePython() === undefined ? ["**/*.engine.test.ts"] : [];
if (withoutPython.length > 0)
  process.stderr.write("engines: no Python 3.11+ here, *.engine.test.ts do not take part\n");

const config: UserWorkspaceConfig = defineProject({
  test: { name: "engines", include: ["test/**/*.test.ts"], exclude: [...configDefaults.exclude, ...withoutPython] },
});
export default config;
