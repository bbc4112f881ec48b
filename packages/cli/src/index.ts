export { runCli } from "./run-cli.ts";
export { main } from "./process-io.ts";
export type { CliIo, Sink } from "./io.ts";
