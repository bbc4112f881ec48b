import { configDefaults, defineProject, type UserWorkspaceConfig } from "vitest/config";
import { enginePython } from "../../scripts/test-machine.mjs";

/** A machine without Python cannot have the engine; one with Python must, or these tests fail. */
const withoutPython = enginePython() === undefined ? ["**/*.engine.test.ts"] : [];

const config: UserWorkspaceConfig = defineProject({
  test: {
    name: "study",
    include: ["test/**/*.test.ts"],
    setupFiles: ["../../scripts/own-locks.mjs"],
    exclude: [...configDefaults.exclude, ...withoutPython],
  },
});
export default config;
