/**
 * Which parameters of the embedded engine move throughput, and energy where this machine has a counter: runs the audit of
 * examples/studies. The pages of parameters take their column "effect" from the newest report. On a busy machine little can
 * be told apart: the report holds the load.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const AUDIT = "parameter-audit.yaml";

function lem(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "packages/cli/bin/lem.js"), ...args], {
    cwd,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`lem ${args.join(" ")}: ${stderr}`);
  return stdout;
}

export async function benchmark() {
  const folder = mkdtempSync(join(tmpdir(), "lem-parameters-"));
  try {
    const before = loadavg()[0];
    cpSync(join(root, "examples/studies", AUDIT), join(folder, AUDIT));
    lem(folder, "run", AUDIT, "--yes");
    const { effects } = JSON.parse(lem(folder, "engines", "params", "--results", "results", "--json"));
    const compared = effects.filter(({ throughput }) => throughput !== "unknown").length;
    return {
      study: `examples/studies/${AUDIT}`,
      load_average: { before, after: loadavg()[0] },
      effects,
      targets: [
        {
          what: "parameters whose effect on throughput is told",
          value: compared,
          limit: `= ${effects.length}`,
          met: compared === effects.length && compared > 0,
        },
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
