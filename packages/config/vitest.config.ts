import { defineProject, type UserWorkspaceConfig } from "vitest/config";

const config: UserWorkspaceConfig = defineProject({ test: { name: "config", include: ["test/**/*.test.ts"] } });
export default config;
