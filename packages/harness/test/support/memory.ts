import { unavailable } from "@lem/domain";
import type { MemorySampler } from "../../src/memory.ts";

/** A machine that shows no memory of processes. */
export const noMemory = (): MemorySampler => ({
  begin: () => {},
  read: () => unavailable("not-supported", "no /proc"),
  stop: () => {},
});
