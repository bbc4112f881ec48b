import type { Reading } from "@lem/domain";
import type { watchSources } from "../host/sampling/gpu-stream.ts";
import type { PowerSource, SourceTiming } from "../host/sampling/source-timing.ts";
import { okCheck, warnCheck, type DoctorCheck } from "./report.ts";

/** What each source is to a person. */
const TITLES: Readonly<Record<PowerSource, string>> = {
  ring: "power samples",
  counter: "energy counter",
  instant: "instantaneous power",
  average: "1 s average power",
  gpm: "hardware utilisation",
};

/** Sources that energy is not measured with: their lack is no drawback. */
const EXTRA: ReadonlySet<PowerSource> = new Set(["instant", "average", "gpm"]);

/** How often each source of a GPU's power tells something new, how late, and what a call costs; watched for less than a second. */
export async function sourceChecks(gpu: number, watch: typeof watchSources): Promise<readonly DoctorCheck[]> {
  const begun = await watch(gpu);
  if (begun.status === "failed") return [];
  return begun.about.sources.map((timing) => sourceCheck(gpu, timing));
}

function sourceCheck(gpu: number, { source, period, delay, call_cost }: SourceTiming): DoctorCheck {
  const id = `energy.gpu${gpu}.${source}`;
  const title = `GPU ${gpu} ${TITLES[source]}`;
  const said = [phrase(period, "every"), phrase(delay, "late by"), phrase(call_cost, "a call takes")].filter(
    (text) => text !== "",
  );
  if (call_cost.status !== "unavailable") return okCheck(id, title, said.join(", "));
  if (EXTRA.has(source)) return okCheck(id, title, `not here: ${call_cost.detail}`);
  return warnCheck(id, title, { found: "cannot be read", why: call_cost.detail, todo: null });
}

const phrase = (reading: Reading, what: string): string =>
  reading.status === "unavailable" ? "" : `${what} ${reading.value.toPrecision(3)} ${reading.unit}`;
