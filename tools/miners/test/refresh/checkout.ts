import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { TOY_FOLDER, TOY_TARGET } from "../prove/toy-engine.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/** A checkout of this repository in a folder of its own, in which one engine is our toy. */
export interface Checkout {
  readonly root: string;
  /** Runs git there; gives what it prints. */
  git(...args: readonly string[]): string;
  /** Runs a command of that checkout's miner. */
  miner(...argv: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string };
  /** Changes a file of it, or of the toy. */
  edit(path: string, change: (text: string) => string): void;
  commit(message: string): void;
  remove(): void;
}

/** The engine whose place the toy takes. */
export const ENGINE: string = TOY_TARGET.engine;
const PIN = `engine_versions/${ENGINE}.yaml`;
const TARGET = `tools/miners/targets/${ENGINE}.yaml`;

function run(file: string, args: readonly string[], cwd: string) {
  const env = { ...process.env, GIT_AUTHOR_NAME: "t", GIT_AUTHOR_EMAIL: "t@localhost" };
  const own = { ...env, GIT_COMMITTER_NAME: "t", GIT_COMMITTER_EMAIL: "t@localhost", GIT_CONFIG_GLOBAL: "/dev/null" };
  return spawnSync(file, args, { cwd, env: own, encoding: "utf8", maxBuffer: 1 << 26 });
}

/** Packages of other people stay where they are; those of this repository are the checkout's own. */
function linkModules(root: string): void {
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  for (const modules of globSync("{packages,tools}/*/node_modules", { cwd: ROOT }))
    cpSync(join(ROOT, modules), join(root, modules), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\/\.(vite|bin|cache)[^/]*$/.test(path),
    });
}

/** Copies what git knows of, makes a repository of it, and pins the toy. */
export function makeCheckout(version: string): Checkout {
  const folder = mkdtempSync(join(tmpdir(), "lem-checkout-"));
  const root = join(folder, "repository");
  const git = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = run("git", args, root);
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const listed = run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], ROOT).stdout.split("\0");
  for (const path of listed.filter((each) => each !== "" && existsSync(join(ROOT, each)))) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(ROOT, path), join(root, path), { force: true, verbatimSymlinks: true });
  }
  linkModules(root);
  cpSync(TOY_FOLDER, join(folder, "toy"), { recursive: true });
  const env = { PYTHONPATH: join(folder, "toy") };
  writeFileSync(join(root, TARGET), stringify({ ...TOY_TARGET, landmarks: ["toyengine.Settings.check"], env }));
  const variants = { cpu: { package: "toyengine", version, requires: [] } };
  writeFileSync(join(root, PIN), stringify({ title: "Toy", current: version, supported: [version], variants }));
  git("init", "--quiet", "--initial-branch=main");
  const checkout: Checkout = {
    root,
    git,
    miner: (...argv) => {
      const { status, stdout, stderr } = run(process.execPath, ["tools/miners/src/cli.ts", ...argv], root);
      return { code: status, out: stdout, err: stderr };
    },
    edit: (path, change) => {
      const file = join(root, path);
      writeFileSync(file, change(readFileSync(file, "utf8")));
    },
    commit: (message) => {
      git("add", "--all");
      git("commit", "--quiet", "--message", message);
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
  checkout.commit("a checkout");
  return checkout;
}

/** Moves the pin as the update bot does. */
export function bump(checkout: Checkout, from: string, to: string): void {
  checkout.edit(PIN, (text) => text.replaceAll(from, to));
  checkout.commit(`${ENGINE} ${to}`);
}
