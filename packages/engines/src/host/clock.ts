import { fact, missingFact, type Fact } from "@lem/domain";
import { openDiscipline, type ClockDiscipline, type ReadDiscipline } from "./adjtimex.ts";
import { readText, textFact, type HostFacts, type HostOptions } from "./files.ts";

const SOURCES = "/sys/devices/system/clocksource/clocksource0";
const ADJTIMEX = "adjtimex(2)";

/**
 * Facts of the clocks: the kernel's source, whether the wall clock is kept in step, one pair of wall and
 * monotonic instants that places CLOCK_MONOTONIC times on the calendar, and the boot from which it counts: times of another
 * boot or machine are those of another clock.
 */
export async function clockFacts(
  host: HostOptions,
  open: () => Promise<ReadDiscipline | undefined> = openDiscipline,
): Promise<HostFacts> {
  const [current, available, boot, read] = await Promise.all([
    readText(host, `${SOURCES}/current_clocksource`),
    readText(host, `${SOURCES}/available_clocksource`),
    readText(host, "/proc/sys/kernel/random/boot_id"),
    open(),
  ]);
  const { discipline, pair } = readPair(read);
  return {
    source: textFact(current),
    sources_available: textFact(available, { value: (text) => text.split(/\s+/) }),
    synchronised: disciplineFact(discipline, (each) => each.synchronised),
    max_error_s: disciplineFact(discipline, (each) => each.max_error_s, "s"),
    estimated_error_s: disciplineFact(discipline, (each) => each.estimated_error_s, "s"),
    frequency_correction_ppm: disciplineFact(discipline, (each) => each.frequency_ppm, "ppm"),
    wall_monotonic_pair: pair,
    boot: textFact(boot),
  };
}

function disciplineFact(
  discipline: ClockDiscipline | undefined,
  pick: (discipline: ClockDiscipline) => number | boolean,
  unit?: string,
): Fact {
  if (discipline !== undefined) return fact(pick(discipline), ADJTIMEX, unit);
  return missingFact("not-supported", "the kernel's clock discipline cannot be read here (adjtimex)");
}

/** Wall time between two monotonic readings: the pair is uncertain by half of what lies between them. */
function readPair(read: ReadDiscipline | undefined): { discipline: ClockDiscipline | undefined; pair: Fact } {
  read?.();
  const before = process.hrtime.bigint();
  const discipline = read?.();
  const wallMilliseconds = Date.now();
  const after = process.hrtime.bigint();
  const half = Number(after - before) / 2;
  const pair = {
    monotonic_ns: Number(before + (after - before) / 2n),
    wall_us: discipline?.wall_us ?? wallMilliseconds * 1000,
    uncertainty_ns: discipline === undefined ? half + 1e6 : half,
  };
  return {
    discipline,
    pair: fact(pair, discipline === undefined ? "Date.now() and CLOCK_MONOTONIC" : `${ADJTIMEX} and CLOCK_MONOTONIC`),
  };
}
