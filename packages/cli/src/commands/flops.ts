import { estimateFlops, type FlopsEstimate } from "@lem/harness";
import { lemPaths, readModelConfig } from "@lem/engines";
import { formatReading } from "@lem/report";
import { modelled } from "@lem/domain";
import type { FlopsFlags } from "../application.ts";
import type { CliContext } from "../context.ts";

const flop = (value: number): string => formatReading(modelled({ value, unit: "FLOP", source: "formula" }));

function flopsText(estimate: FlopsEstimate): string {
  const row = (name: string, { prefill, decode, total }: FlopsEstimate["executed"]): string =>
    `  ${name.padEnd(10)} ${flop(total)}   prefill ${flop(prefill)} · decode ${flop(decode)}`;
  return [
    `${estimate.parameters.toLocaleString("en-US")} parameters · ${estimate.method}, confidence ${estimate.confidence}`,
    row("executed", estimate.executed),
    row("causal", estimate.causal),
  ].join("\n");
}

/** `lem flops`: operations of a request or batch from the model's shape alone. */
export async function flops(this: CliContext, flags: FlopsFlags, model: string): Promise<void> {
  const { cwd, env } = this.io;
  const config = await readModelConfig({ model, cwd, env, modelsDir: lemPaths(env).models });
  const { input, output, batch } = flags;
  const estimate = estimateFlops(config, { input, output, batch });
  this.io.stdout.write(`${flags.json ? JSON.stringify(estimate) : flopsText(estimate)}\n`);
}
