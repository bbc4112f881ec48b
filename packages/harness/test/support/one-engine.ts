import type { Requests } from "@lem/engines";
import { servesLoad, type EngineExchange, type KeptEngine } from "../../src/kept-engine.ts";

/** Hands one engine from run to run, as it is. */
export class OneEngine implements EngineExchange {
  keeps = true;
  held: KeptEngine | undefined;

  async take(wanted: Requests["load"]): Promise<KeptEngine | undefined> {
    const { held } = this;
    this.held = undefined;
    if (held === undefined || servesLoad(held, wanted)) return held;
    await held.session.close();
    return undefined;
  }

  leave(engine: KeptEngine): void {
    this.held = engine;
  }
}
