import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Children } from "./children.ts";
import type { Recipe } from "./child.ts";
import { Package } from "./places.ts";

/*
 * Tries configurations on an engine that is a package of Node. Needs the engine and Node alone. One JSON object a line
 * arrives on stdin, and the only argument names a file with the recipe by which configurations are tried: {id, op, ...}; answers leave on stdout, as from the Python probe: any number of {id, answer}, then
 * {id, ok} or {id, error: {type, message}}. The end of stdin ends this process.
 *
 *     hello    {files, landmarks, limits}: versions, hashes of files, missing landmarks
 *     resolve  {names}: one answer a dotted name, from what the recipe's start makes
 *     probe    {requests}: one answer a request
 */

interface Question {
  readonly id: number;
  readonly op: string;
  readonly files?: readonly string[];
  readonly landmarks?: readonly string[];
  readonly limits?: { readonly seconds: number };
  readonly names?: readonly string[];
  readonly requests?: readonly { readonly id: number }[];
}

const send = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

let children: Children | undefined;

async function hello({ files = [], landmarks = [], limits }: Question): Promise<object> {
  const recipe = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Recipe;
  const engine = new Package(recipe.name, recipe.folder);
  children = new Children(recipe, limits?.seconds ?? 10);
  const missing: string[] = [];
  for (const name of landmarks) {
    const found = (await children.resolve(name)) as { readonly kind: string };
    if (found.kind === "unavailable") missing.push(name);
  }
  const manifest = JSON.parse(readFileSync(engine.file(`${recipe.name}/package.json`), "utf8")) as {
    readonly version: string;
  };
  return {
    python: `node ${process.versions.node}`,
    packages: { [recipe.name]: manifest.version, node: process.versions.node },
    files: Object.fromEntries(files.map((path) => [path, digest(engine.file(path))])),
    missing,
  };
}

function digest(file: string): string | null {
  try {
    return createHash("sha256").update(readFileSync(file)).digest("hex");
  } catch {
    return null;
  }
}

async function answer(question: Question): Promise<object> {
  const { id, op, names = [], requests = [] } = question;
  if (op === "hello") return await hello(question);
  if (children === undefined) throw new TypeError("hello comes first");
  if (op === "resolve") for (const name of names) send({ id, answer: await children.resolve(name) });
  else if (op === "probe") for (const request of requests) send({ id, answer: await children.try(request) });
  else throw new TypeError("there is no such operation");
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line) as Question;
  const { id } = question;
  try {
    send({ id, ok: await answer(question) });
  } catch (error) {
    const { name, message } = error as Error;
    send({ id, error: { type: name, message: message.slice(0, 2000) } });
  }
}
await children?.end();
