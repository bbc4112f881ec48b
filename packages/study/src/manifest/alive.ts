import { isLocked } from "@lem/engines/host";
import { lockPath } from "../results/layout.ts";

/** True when a process works on a study now; a study that says `running` without one died. */
export const isStudyAlive = (folder: string): Promise<boolean> => isLocked(lockPath(folder));
