import type { FigureRepeats } from "@lem/domain";
import type { QualityRule } from "./rule.ts";

/** Figures by which a cycle that lies far from the others is judged; the first that says so is named. */
const JUDGED: readonly string[] = ["energy.joules_per_output_token", "throughput.output_tokens_per_second"];

/** Rules about the cycles of an experiment; they find something in an aggregate only. */
export const REPEAT_RULES: readonly QualityRule[] = [
  {
    code: "quality.cycles-failed",
    meaning: "some cycles of the experiment failed or were interrupted; its figures are those of the others",
    severity: "warn",
    hint: "lem study status says why; lem run --resume runs them again",
    find: ({ result: { repeats } }) => {
      if (repeats === undefined) return undefined;
      const failed = repeats.cycles.filter(({ status }) => status !== "completed").length;
      return failed === 0 ? undefined : `${failed} of ${repeats.cycles.length} cycles failed`;
    },
  },
  {
    code: "quality.cycle-outlier",
    meaning: "a cycle lies far from the others (modified z-score above 3.5); the figures count it",
    severity: "warn",
    hint: "look at its raw result: what else did the machine do then?",
    find: ({ result: { repeats } }) => JUDGED.flatMap((path) => outlierText(path, repeats?.figures[path]) ?? [])[0],
  },
];

function outlierText(path: string, figure: FigureRepeats | undefined): string | undefined {
  const [worst] = figure?.outliers.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score)) ?? [];
  if (figure === undefined || worst === undefined) return undefined;
  const { unit, median } = figure;
  return `${path} of cycle ${worst.cycle} is ${worst.value} ${unit}, the median is ${median} ${unit}`;
}
