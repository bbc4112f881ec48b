import { defineProject, type UserWorkspaceConfig } from "vitest/config";

const config: UserWorkspaceConfig = defineProject({ test: { name: "report", include: ["test/**/*.test.ts"] } });
export default config;
