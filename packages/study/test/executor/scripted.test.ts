import type { ExperimentJob } from "../../src/executor/executor.ts";
import { ScriptedExecutor } from "../fixtures/scripted-executor.ts";
import { tinyPlan } from "../fixtures/tiny-plan.ts";
import { executorContract } from "./executor-contract.ts";

async function job(): Promise<ExperimentJob> {
  const plan = await tinyPlan({ points: 1 });
  const [point] = plan.runs;
  if (point === undefined) throw new Error("no point");
  const resolution = await plan.resolve(point);
  const at = { id: point.id, cycle: 1, rank: 0 };
  return { name: "a", study: "/nowhere", at, resolution, timeout_s: null, keep_loaded: false, command: [] };
}

let hangs = false;
executorContract("scripted", {
  executor: () => new ScriptedExecutor(() => (hangs ? "hangs" : "completed"), false),
  job: () => {
    hangs = false;
    return job();
  },
  hanging: () => {
    hangs = true;
    return job();
  },
});
