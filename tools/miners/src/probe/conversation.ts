import { LemError } from "@lem/domain";
import type { PipedEnd, PipedProcess } from "@lem/engines/piped-process";

/** One question: its operation, its body, and how long the probe may stay silent. */
export interface Question {
  readonly op: "hello" | "describe" | "resolve" | "ground" | "probe";
  readonly body: Readonly<Record<string, unknown>>;
  readonly silenceMs: number;
  /** Called with each answer, in their order. */
  readonly onAnswer?: (answer: unknown) => void;
}

interface Open extends Question {
  readonly id: number;
  readonly resolve: (ok: unknown) => void;
  readonly reject: (error: LemError) => void;
  timer: NodeJS.Timeout | undefined;
}

interface Message {
  readonly id?: unknown;
  readonly answer?: unknown;
  readonly ok?: unknown;
  readonly error?: { readonly type: string; readonly message: string };
}

/** Questions to one probe process, one after another. Once one fails other than by the engine, the process is gone. */
export class Conversation {
  readonly #channel: PipedProcess;
  #next = 1;
  #open: Open | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #dead: LemError | undefined;

  constructor(channel: PipedProcess) {
    this.#channel = channel;
    channel.onLine((line) => this.#read(line));
    void channel.ended.then((end) => this.#fail(crashed(end)));
  }

  /** @throws LemError `worker.failed` (the engine raised), `worker.crashed`, `worker.silent`, `worker.protocol` */
  ask(question: Question): Promise<unknown> {
    const asked = this.#queue.then(() => this.#ask(question));
    this.#queue = asked.catch(() => {});
    return asked;
  }

  /** Says goodbye; never rejects. */
  async close(): Promise<void> {
    this.#dead ??= new LemError("worker.crashed", "the probe was closed");
    await this.#channel.close();
  }

  /** Ends the process at once. */
  async kill(error: LemError): Promise<void> {
    this.#fail(error);
    await this.#channel.kill();
  }

  async #ask(question: Question): Promise<unknown> {
    if (this.#dead !== undefined) throw this.#dead;
    const id = this.#next++;
    const answered = new Promise<unknown>((resolve, reject) => {
      this.#open = { ...question, id, resolve, reject, timer: undefined };
    });
    this.#wait();
    this.#channel.send(JSON.stringify({ id, op: question.op, ...question.body }));
    return answered;
  }

  #wait(): void {
    const open = this.#open;
    if (open === undefined) return;
    clearTimeout(open.timer);
    open.timer = setTimeout(() => {
      void this.kill(new LemError("worker.silent", `the probe said nothing for ${open.silenceMs / 1000} s`));
    }, open.silenceMs);
  }

  #read(line: string): void {
    const message = parsed(line);
    const open = this.#open;
    if (open === undefined || message?.id !== open.id) {
      void this.kill(new LemError("worker.protocol", "the probe sent what is not its protocol"));
      return;
    }
    if ("answer" in message) {
      this.#wait();
      open.onAnswer?.(message.answer);
      return;
    }
    this.#end(open);
    if (message.error === undefined) open.resolve(message.ok);
    else open.reject(new LemError("worker.failed", `${message.error.type}: ${message.error.message}`));
  }

  #end(open: Open): void {
    clearTimeout(open.timer);
    this.#open = undefined;
  }

  #fail(error: LemError): void {
    this.#dead ??= error;
    const open = this.#open;
    if (open === undefined) return;
    this.#end(open);
    open.reject(this.#dead);
  }
}

function parsed(line: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === "object" && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

function crashed({ exitCode, signal, said }: PipedEnd): LemError {
  const how = signal === null ? `with exit code ${exitCode}` : `by ${signal}`;
  const last = said.trimEnd().split("\n").at(-1) ?? "";
  return new LemError("worker.crashed", `the probe ended ${how}${last === "" ? "" : `: ${last}`}`, {
    context: { said },
  });
}
