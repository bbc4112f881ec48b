import { pathToFileURL } from "node:url";
import { NativeWatch } from "./native.ts";
import { Package, type Place } from "./places.ts";
import { coveredBy, putAt, runSteps, valueAt, type Step } from "./steps.ts";
import { decoded, encoded, isSame, NoSuchValue, withFile } from "./values.ts";

/*
 * A process that holds the engine and tries one configuration after another. It answers its parent over IPC; what the
 * engine prints is dropped. With TRACE_FILE it notes each entry into native code first, so that the place at which the
 * process died is known.
 */

/** How the configurations of one class are tried. */
export interface EntryRecipe {
  readonly steps: readonly Step[];
  /** Runs after them, whatever happened. */
  readonly finally: readonly Step[];
  /** Fields of the configuration that can be read back, with the path of what steps made. */
  readonly observe: Readonly<Record<string, string>>;
  /** Where a configuration names a file, with the file that any name stands for; `*` is every item of a list. */
  readonly named: Readonly<Record<string, string>>;
}

/** What a child needs to know. */
export interface Recipe {
  /** Folder of the package, and the file in it that is imported. */
  readonly folder: string;
  readonly main: string;
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Small files by name, in base64, that are written before anything starts. */
  readonly contents: Readonly<Record<string, string>>;
  readonly start: readonly Step[];
  /** Values that a configuration must not leave changed to the next: they are put back. */
  readonly restore: readonly string[];
  readonly entries: Readonly<Record<string, EntryRecipe>>;
}

interface Asked {
  readonly id: number;
  readonly entry: string;
  readonly keywords: Readonly<Record<string, unknown>>;
  readonly report?: "all" | readonly string[];
}

interface Refusal {
  readonly type: string;
  readonly mro: readonly string[];
  readonly frames: readonly Place[];
  readonly items: readonly never[];
}

type Message =
  | { readonly op: "start"; readonly recipe: Recipe }
  | { readonly op: "try"; readonly request: Asked }
  | { readonly op: "resolve"; readonly name: string };

class Child {
  readonly #recipe: Recipe;
  readonly #package: Package;
  readonly #exported: Readonly<Record<string, unknown>>;
  readonly #made = new Map<string, unknown>();
  readonly #held = new Map<string, unknown>();
  readonly #native: NativeWatch;
  #fail: (error: unknown) => void = () => {};

  private constructor(recipe: Recipe, exported: Readonly<Record<string, unknown>>, native: NativeWatch) {
    this.#recipe = recipe;
    this.#package = new Package(recipe.name, recipe.folder);
    this.#exported = exported;
    this.#native = native;
    process.on("unhandledRejection", (error) => this.#fail(error));
    process.on("uncaughtException", (error) => this.#fail(error));
  }

  static async start(recipe: Recipe): Promise<Child> {
    const at = new Package(recipe.name, recipe.folder);
    const native = new NativeWatch(at, process.env["TRACE_FILE"]);
    const exported = (await import(pathToFileURL(at.file(`${recipe.name}/${recipe.main}`)).href)) as Readonly<
      Record<string, unknown>
    >;
    const child = new Child(recipe, exported, native);
    await runSteps(recipe.start, { exported, made: child.#made, files: recipe.files, given: {} });
    for (const path of recipe.restore) child.#held.set(path, valueAt(path, child.#made));
    return child;
  }

  /** A dotted name from what the start made, or of what the package exports. */
  resolve(name: string): unknown {
    let value: unknown;
    try {
      value = valueAt(name, new Map([...Object.entries(this.#exported), ...this.#made]));
    } catch (error) {
      return { kind: "raises", exception: typeNameOf(error) };
    }
    const tagged = value === undefined ? undefined : encoded(value);
    if (tagged !== undefined) return { kind: "value", value: tagged };
    if (value === undefined) return { kind: "unavailable", reason: "there is no such value" };
    return { kind: "opaque", type: typeNameOf(value), attributes: [] };
  }

  async try(request: Asked): Promise<unknown> {
    const { id } = request;
    const recipe = this.#recipe.entries[request.entry];
    if (recipe === undefined) return { id, kind: "unconstructible", reason: "there is no such entry" };
    let given: Readonly<Record<string, unknown>>;
    try {
      given = Object.fromEntries(Object.entries(request.keywords).map(([name, value]) => [name, decoded(value)]));
    } catch (error) {
      if (error instanceof NoSuchValue) return { id, kind: "unconstructible", reason: error.message };
      throw error;
    }
    for (const [path, value] of this.#held) putAt(path, value, this.#made);
    const made = new Map(this.#made);
    const covered = Object.entries(coveredBy(recipe.steps)).find(
      ([name, value]) => Object.hasOwn(given, name) && Boolean(given[name]) !== Boolean(value),
    );
    if (covered !== undefined) return { id, kind: "unconstructible", reason: `${covered[0]} is given by the probe` };
    const { files } = this.#recipe;
    for (const [path, name] of Object.entries(recipe.named))
      given = withFile(given, path.split("."), files[name] ?? "");
    const world = { exported: this.#exported, made, files, given };
    const strayed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.#native.forget();
    let exception: Refusal | null = null;
    await Promise.race([runSteps(recipe.steps, world), strayed]).catch((error: unknown) => {
      exception = this.#refusal(error);
    });
    const state = exception === null ? stateOf(recipe, made, request) : {};
    await this.#end(recipe, world);
    const outcome = exception === null ? "returned" : "raised";
    return { id, kind: "done", flaky: false, stages: [{ stage: 0, outcome, exception, said: [], state }] };
  }

  /** What was refused may never end: nothing waits for it longer than this. */
  async #end({ finally: steps }: EntryRecipe, world: Parameters<typeof runSteps>[1]): Promise<void> {
    this.#fail = () => {};
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(() => patience.resolve(), 30);
    const made = steps.filter(({ on }) => on === undefined || world.made.has(on));
    await Promise.race([runSteps(made, world).catch(() => {}), patience.promise]);
    clearTimeout(timer);
  }

  #refusal(error: unknown): Refusal {
    const type = typeNameOf(error);
    const own = this.#package.framesOf(error);
    return { type, mro: [type], frames: own.length > 0 ? own : this.#native.last, items: [] };
  }
}

const typeNameOf = (value: unknown): string => {
  const made: unknown = value === null || value === undefined ? undefined : (value as object).constructor;
  return typeof made === "function" ? made.name : typeof value;
};

/** Given fields as they were given where they are the same to JavaScript. */
function stateOf(
  { observe }: EntryRecipe,
  made: ReadonlyMap<string, unknown>,
  { keywords, report = [] }: Asked,
): Readonly<Record<string, unknown>> {
  const names = new Set([...Object.keys(keywords), ...(report === "all" ? Object.keys(observe) : report)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const path = observe[name];
      if (path === undefined) return name in keywords ? [[name, keywords[name]]] : [];
      const value = valueAt(path, made);
      if (name in keywords && isSame(decoded(keywords[name]), value)) return [[name, keywords[name]]];
      const tagged = encoded(value);
      return tagged === undefined ? [] : [[name, tagged]];
    }),
  );
}

let child: Child | undefined;

async function answer(message: Message): Promise<unknown> {
  if (message.op === "start") {
    child = await Child.start(message.recipe);
    return {};
  }
  return message.op === "resolve" ? child?.resolve(message.name) : await child?.try(message.request);
}

process.on("message", (message: Message) => {
  answer(message).then(
    (ok) => process.send?.({ ok }),
    (error: unknown) => process.send?.({ error: String((error as Error)?.stack ?? error).slice(0, 2000) }),
  );
});
