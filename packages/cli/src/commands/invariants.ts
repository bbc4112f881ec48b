import { describeRule, loadCorpus, type CorpusLookup, type RuleDescription } from "@lem/config/corpus";
import { nearest } from "@lem/config/suggest";
import { printTaggedYaml } from "@lem/config/invariants";
import { ENGINE_IDS, LemError, parseEngineId, type EngineId } from "@lem/domain";
import { tableLines } from "@lem/report";
import type { CliContext } from "../context.ts";
import type { InvariantFlags } from "../routes/flags.ts";
import type { CliIo } from "../io.ts";

type Found = Exclude<CorpusLookup, { readonly status: "missing" }> & { readonly engine: EngineId };

/** `lem invariants list`: the rules of the engines, or of one class. */
export async function list(this: CliContext, flags: InvariantFlags, entry?: string): Promise<void> {
  const { stdout } = this.io;
  const rules = (await corpora(this.io, flags)).flatMap((found) => rulesOf(found, entry));
  if (rules.length === 0)
    throw new LemError("config.corpus-missing", `there are no rules${entry === undefined ? "" : ` for ${entry}`}`, {
      hint: "lem invariants list shows all classes",
    });
  if (flags.json) return stdout.write(`${JSON.stringify({ schema_version: 1, rules })}\n`);
  const rows = rules.map(({ id, severity, fields, source }) => [
    id,
    severity,
    fields.join(", "),
    `${source.path}:${source.line}`,
  ]);
  stdout.write(`${tableLines(["rule", "severity", "fields", "place"], rows).join("\n")}\n`);
}

function rulesOf({ engine, version, rules }: Found, wanted: string | undefined): readonly ListedRule[] {
  const entries = Object.entries(rules.corpus.entries).filter(([name]) => wanted === undefined || name === wanted);
  return entries.flatMap(([name, { rules: held }]) =>
    held.map(({ id, severity, fields, source }) => ({
      id,
      engine,
      engine_version: version,
      entry: name,
      severity,
      fields,
      source,
    })),
  );
}

interface ListedRule extends Pick<RuleDescription["rule"], "id" | "severity" | "fields" | "source"> {
  readonly engine: EngineId;
  readonly engine_version: string;
  readonly entry: string;
}

/** `lem invariants explain`: one rule: its condition in words, its place in the engine's source, its evidence. */
export async function explain(this: CliContext, flags: InvariantFlags, id: string): Promise<void> {
  const all = await corpora(this.io, flags);
  for (const found of all) {
    const described = describeRule(found.rules, id);
    if (described === undefined) continue;
    const { engine, version } = found;
    const { rule, ...rest } = described;
    const json = { schema_version: 1, engine, engine_version: version, ...rule, ...rest };
    return this.io.stdout.write(flags.json ? `${JSON.stringify(json)}\n` : `${explainText(found, described)}\n`);
  }
  const near = nearest(
    id,
    all.flatMap((found) => rulesOf(found, undefined).map((rule) => rule.id)),
  );
  throw new LemError("config.rule-unknown", `there is no rule ${id}`, {
    hint: near === undefined ? "lem invariants list shows all" : `did you mean ${near}?`,
  });
}

/** The rules of one engine, or of all that have some. A version that there is none of is said aloud. */
async function corpora({ env, stderr }: CliIo, flags: InvariantFlags): Promise<readonly Found[]> {
  const engines = flags.engine === undefined ? ENGINE_IDS : [parseEngineId(flags.engine)];
  const options = { version: flags.engineVersion, root: env["LEM_CORPORA"] };
  const found = await Promise.all(engines.map(async (engine) => ({ ...(await loadCorpus(engine, options)), engine })));
  const known = found.filter((each) => each.status !== "missing");
  for (const { status, engine, version } of known)
    if (status === "other-version" && flags.engine !== undefined)
      stderr.write(`warning: there are no rules for ${engine} ${flags.engineVersion}: those of ${version} are shown\n`);
  return known;
}

const SAYS = {
  error: "refused",
  warn: "accepted with a warning",
  dormant: "accepted, and a value ignored or changed",
} as const;

function explainText({ engine, version }: Found, { entry, rule, words, when, python }: RuleDescription): string {
  const { id, severity, fields, exception, source, added_by, evidence, profiles } = rule;
  const line = source.line > 0 ? `:${source.line}` : "";
  const seen =
    evidence === null ? "none" : `fired ${evidence.firing} times and kept silent ${evidence.silent} times as predicted`;
  const rows = [
    ["class", `${entry} of ${engine} ${version}`],
    ["severity", `${severity}: ${SAYS[severity]}${exception === null ? "" : ` (${exception})`}`],
    ["fields", fields.join(", ")],
    ...(profiles === undefined ? [] : [["machines", `${profiles.join(", ")} only`]]),
    ["when", words],
    ["as Python", python],
    ["place", `${source.path}${line} in ${source.qualname}`],
    ["found by", added_by],
    ["evidence", seen],
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  const lines = rows.map(([name = "", value = ""]) => `  ${name.padEnd(width)}  ${value}`);
  const predicate = printTaggedYaml(when)
    .trimEnd()
    .split("\n")
    .map((text) => `    ${text}`);
  return [id, ...lines, "  predicate", ...predicate].join("\n");
}
