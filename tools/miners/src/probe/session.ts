import { isLemError, LemError } from "@lem/domain";
import { Conversation, type Question } from "./conversation.ts";
import type { ProbeHello } from "./protocol.ts";
import type { EntryClass, EntryFolder, Target, TargetFunction } from "../targets/target.ts";
import type { ProbeTransport } from "./transport.ts";

/** What one probe or one question may use. */
export interface ProbeLimits {
  readonly seconds: number;
  /** Memory beyond what the imported engine has. */
  readonly memoryBytes: number;
}

/** What the probe is opened for. */
export interface SessionOptions {
  readonly transport: ProbeTransport;
  /** The engine's import package. */
  readonly package: string;
  /** SHA-256 by path of the source files that were mined. */
  readonly files: Readonly<Record<string, string>>;
  /** Dotted names that must exist. */
  readonly landmarks: readonly string[];
  readonly limits: ProbeLimits;
  /** Functions that are called instead of classes constructed; their fixtures are made at the start. */
  readonly functions?: readonly Pick<TargetFunction, "name" | "fixtures" | "machine">[];
  /** Classes that take a folder of the user's, with the fixtures that stand for it. */
  readonly folders?: readonly ClassFolder[];
  readonly signal?: AbortSignal | undefined;
}

/** A class with what stands for the folder that it takes. */
export interface ClassFolder extends EntryFolder {
  readonly name: string;
  readonly calls: EntryClass["calls"];
}

/** The classes of a target that take a folder. */
export const foldersOf = ({ classes }: Pick<Target, "classes">): readonly ClassFolder[] =>
  classes.flatMap(({ name, calls, folder }) => (folder === undefined ? [] : [{ ...folder, name, calls }]));

/** An engine may take minutes to import on a busy machine. */
const IMPORT_MS = 300_000;
/** A few ends of the probe itself are borne (a full memory, an impatient person); more of them are a defect. */
const MAX_RESTARTS = 8;

/** A probe process that is started again when it ends. */
export class ProbeSession {
  readonly #options: SessionOptions;
  readonly #abort: () => void;
  #conversation: Conversation;
  #restarts = 0;
  readonly hello: ProbeHello;

  private constructor(options: SessionOptions, conversation: Conversation, hello: ProbeHello) {
    this.#options = options;
    this.#conversation = conversation;
    this.hello = hello;
    this.#abort = (): void => void this.#conversation.kill(interrupted());
    options.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /**
   * Starts the probe and makes sure that it has the source that was mined, and all landmarks.
   * @throws LemError `worker.*`, `mine.source-corrupt`, `mine.landmark-missing`, `run.interrupted`
   */
  static async open(options: SessionOptions): Promise<ProbeSession> {
    const { conversation, hello } = await greeted(options);
    return new ProbeSession(options, conversation, hello);
  }

  /** Asks one thing; what was answered before a failure has been told. @throws LemError `worker.*`, `run.interrupted` */
  async ask(question: Question): Promise<void> {
    if (this.#options.signal?.aborted === true) throw interrupted();
    await this.#conversation.ask(question);
  }

  /** Starts the probe again after an error that ended it. @throws the error when that does not help any more */
  async restart(error: unknown): Promise<void> {
    const ended = isLemError(error) && /^worker\.(crashed|silent|protocol)$/.test(error.code);
    if (!ended || this.#restarts >= MAX_RESTARTS) throw error;
    this.#restarts += 1;
    await this.#conversation.kill(error);
    this.#conversation = (await greeted(this.#options)).conversation;
  }

  /** Ends the probe; never rejects. */
  async close(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#abort);
    await this.#conversation.close();
  }
}

const interrupted = (): LemError => new LemError("run.interrupted", "the probe was stopped");

async function greeted(options: SessionOptions): Promise<{ conversation: Conversation; hello: ProbeHello }> {
  const { transport, files, landmarks, limits, functions = [], folders = [], signal } = options;
  if (signal?.aborted === true) throw interrupted();
  const conversation = new Conversation(await transport.start());
  const stop = (): void => void conversation.kill(interrupted());
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const body = { package: options.package, files: Object.keys(files), landmarks, limits, functions, folders };
    const hello = (await conversation.ask({ op: "hello", body, silenceMs: IMPORT_MS })) as ProbeHello;
    refuseOtherSource(hello, files);
    return { conversation, hello };
  } catch (error) {
    await conversation.close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function refuseOtherSource(hello: ProbeHello, files: Readonly<Record<string, string>>): void {
  const other = Object.keys(files).filter((path) => hello.files[path] !== files[path]);
  if (other.length > 0) {
    const [first] = other;
    throw new LemError("mine.source-corrupt", `the installed engine has another ${first} (${other.length} files)`, {
      hint: "install the version that is mined, or mine the version that is installed",
      context: { files: other },
    });
  }
  if (hello.missing.length === 0) return;
  throw new LemError("mine.landmark-missing", `the installed engine lacks ${hello.missing.join(", ")}`, {
    hint: "look where they went, and mend the engine's file in tools/miners/targets",
    context: { missing: hello.missing },
  });
}
