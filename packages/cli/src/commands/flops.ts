import { modelled } from "@lem/domain";
import { lemPaths, modelShape } from "@lem/engines";
import { estimateFlops, type FlopEstimate } from "@lem/harness/flops";
import { formatReading } from "@lem/report";
import type { FlopsFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { openProgress, progressMode } from "../progress/renderer.ts";

const flop = (value: number): string => formatReading(modelled({ value, unit: "FLOP", source: "formula" }));

function flopsText(estimate: FlopEstimate): string {
  const row = (name: string, { prefill, decode, total }: FlopEstimate["executed"]): string =>
    `  ${name.padEnd(10)} ${flop(total)}   prefill ${flop(prefill)} · decode ${flop(decode)}`;
  return [
    `${estimate.parameters.toLocaleString("en-US")} parameters · ${estimate.method}, confidence ${estimate.confidence}`,
    row("executed", estimate.executed),
    row("causal", estimate.causal),
    ...estimate.notes.map((note) => `  · ${note}`),
  ].join("\n");
}

/** `lem flops`: operations of a request or batch from the model's shape alone. */
export async function flops(this: CliContext, flags: FlopsFlags, model: string): Promise<void> {
  const { cwd, env, interrupted } = this.io;
  const progress = openProgress(this.io, progressMode(this.io, { quiet: true, json: false, verbose: false }));
  const where = { model, cwd, env, modelsDir: lemPaths(env).models, emit: progress.emit, signal: interrupted };
  const config = await modelShape(where).finally(() => progress.close());
  const { input, output, batch } = flags;
  const estimate = estimateFlops(config, { input, output, batch });
  this.io.stdout.write(`${flags.json ? JSON.stringify(estimate) : flopsText(estimate)}\n`);
}
