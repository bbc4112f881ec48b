export { downloadBuild, type DownloadedBuild, type DownloadOptions } from "./download-build.ts";
export type { PipStep } from "./pip-steps.ts";
