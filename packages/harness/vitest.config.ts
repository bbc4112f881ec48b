import { defineProject, type UserWorkspaceConfig } from "vitest/config";

const config: UserWorkspaceConfig = defineProject({ test: { name: "harness", include: ["test/**/*.test.ts"] } });
export default config;
