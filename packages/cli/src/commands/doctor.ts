import { resolve } from "node:path";
import { findCorpus, loadParameterSchema } from "@lem/config";
import { ENGINE_IDS, LemError } from "@lem/domain";
import { lemPaths, loadAdapter } from "@lem/engines";
import { diagnose, DOCTOR_GROUPS, type DoctorCheck, type DoctorGroup, type DoctorReport } from "@lem/engines/doctor";
import type { JsonFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { style, type Style } from "../render/style.ts";

const isGroup = (topic: string): topic is DoctorGroup => (DOCTOR_GROUPS as readonly string[]).includes(topic);

function groupsOf(topic: string | undefined): readonly DoctorGroup[] {
  if (topic === undefined) return DOCTOR_GROUPS;
  if (isGroup(topic)) return [topic];
  throw new LemError("cli.usage", `doctor knows no "${topic}"`, { hint: `one of ${DOCTOR_GROUPS.join(", ")}` });
}

const MARKS: Readonly<Record<DoctorCheck["status"], string>> = { ok: "✓", warn: "!", missing: "✗" };

function checkLines(check: DoctorCheck, styles: Style): string[] {
  const tone = check.status === "ok" ? (text: string) => text : check.status === "warn" ? styles.yellow : styles.red;
  const why = check.why === null ? "" : `: ${check.why}`;
  const line = `  ${tone(MARKS[check.status])} ${check.title}  ${check.found}${why}`;
  return check.todo === null ? [line] : [line, `      → ${check.todo}`];
}

function reportText({ checks }: DoctorReport, color: boolean): string {
  const styles = style(color);
  return DOCTOR_GROUPS.filter((group) => checks[group].length > 0)
    .map((group) => [styles.bold(group), ...checks[group].flatMap((check) => checkLines(check, styles))].join("\n"))
    .join("\n\n");
}

/** `lem doctor`: what this machine can measure and run, and what to do about each gap. */
export async function doctor(this: CliContext, flags: JsonFlags, topic?: string): Promise<void> {
  const { env, cwd, stdout, color } = this.io;
  const groups = groupsOf(topic);
  const adapters = await Promise.all(ENGINE_IDS.map((engine) => loadAdapter(engine)));
  const report = await diagnose(
    {
      env,
      paths: lemPaths(env),
      resultsDir: resolve(cwd, "results"),
      adapters,
      findCorpus: (engine, version) => loadParameterSchema(engine, { version }),
      findRules: (engine, version) => findCorpus(engine, { version, root: env["LEM_CORPORA"] }),
    },
    groups,
  );
  stdout.write(`${flags.json ? JSON.stringify(report) : reportText(report, color)}\n`);
}
