import { defineProject, type UserWorkspaceConfig } from "vitest/config";

const config: UserWorkspaceConfig = defineProject({ test: { name: "engines", include: ["test/**/*.test.ts"] } });
export default config;
