import type { Target } from "../targets/target.ts";

/** Where the engine of a target is looked for. */
export interface EnginePlace {
  readonly target: Target;
  readonly version: string;
  /** The fact profile: the kind of machine that the engine was installed for, or that its target pretends. */
  readonly profile: string;
  /** A folder of the engine's source, which is probed as it is where the target has stand-ins. */
  readonly source?: string | undefined;
  /** An interpreter that has the engine. */
  readonly python?: string | undefined;
  /** An image that has it; the probe then runs in a container. */
  readonly image?: string | undefined;
  /** This program's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
