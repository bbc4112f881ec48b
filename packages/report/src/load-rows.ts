import { isAvailable, type ExperimentResult, type Reading } from "@lem/domain";
import { formatInterval, formatReading } from "./format.ts";

/** One line of the summary: a label and what it says. */
export interface Row {
  readonly label: string;
  readonly text: string;
}

/** Below this share of the time or energy a part is not worth a word. */
const WORTH_A_WORD = 0.01;

/** The steady state, and prefill beside decoding; nothing where they are not known. */
export const loadRows = (result: ExperimentResult): Row[] => [...steadyRow(result), ...phasesRow(result)];

function steadyRow({ steady = {}, windows }: ExperimentResult): Row[] {
  const length = steady["steady_length"];
  if (length === undefined || !isAvailable(length)) return [];
  const whole = windows.reduce((sum, { length_s }) => sum + length_s, 0);
  const parts = [
    `${formatReading(length)} of ${whole.toPrecision(3)} s`,
    figure(steady["steady_joules_per_output_token"]),
    figure(steady["steady_power"]),
    figure(steady["steady_output_tokens_per_second"]),
  ];
  return [{ label: "steady state", text: joined(parts) }];
}

function phasesRow({ engine_phases: phases = {} }: ExperimentResult): Row[] {
  const [prefill, decode, mixed] = [phases["prefill_time"], phases["decode_time"], phases["mixed_time"]].map(valueOf);
  if (prefill === undefined || decode === undefined || mixed === undefined) return [];
  const all = prefill + decode + mixed;
  const part = (name: string, time: number, perToken: Reading | undefined, of = ""): string | undefined => {
    if (time < WORTH_A_WORD * all) return undefined;
    const energy = figure(perToken);
    return `${name} ${percent(time / all)}${energy === undefined ? "" : `, ${energy}${of}`}`;
  };
  const residual = valueOf(phases["phase_residual"]);
  const parts = [
    part("prefill", prefill, phases["prefill_joules_per_input_token"], " of prompt"),
    part("decode", decode, phases["decode_joules_per_output_token"]),
    part("both at once", mixed, undefined),
    residual === undefined || residual < WORTH_A_WORD ? undefined : `${percent(residual)} of the energy in neither`,
  ];
  return all === 0 ? [] : [{ label: "phases", text: joined(parts) }];
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

const valueOf = (reading: Reading | undefined): number | undefined =>
  reading !== undefined && isAvailable(reading) ? reading.value : undefined;

const figure = (reading: Reading | undefined): string | undefined =>
  reading !== undefined && isAvailable(reading) ? `${formatReading(reading)}${formatInterval(reading)}` : undefined;

const joined = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(" · ");
