export { downloadBuild, type DownloadedBuild, type DownloadOptions } from "./download-build.ts";
export { readEngineVersions } from "../versions.ts";
export type { PipStep } from "./pip-steps.ts";
