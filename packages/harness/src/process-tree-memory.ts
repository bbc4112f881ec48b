import { openProcessMemorySampler, type ProcessMemorySampler } from "@lem/engines/host";

/** Watches the resident memory of an engine that runs as a process of this machine, off the measured path. */
export const openProcessTreeMemory = (pid: number): ProcessMemorySampler => openProcessMemorySampler(pid);
