/** Work that may wait until an engine starts: between two experiments there is no time for it, and none is measured then. */
export class LateWork {
  #waiting: (() => Promise<unknown>)[] = [];
  #done: Promise<unknown> = Promise.resolve();

  add(work: () => Promise<unknown>): void {
    this.#waiting.push(work);
  }

  /** Begins what waits; what fails is told by {@link finish}. */
  begin(): void {
    const works = this.#waiting;
    this.#waiting = [];
    for (const work of works) this.#done = this.#done.then(work);
    this.#done.catch(() => undefined);
  }

  /** Ends what was begun, and the rest. @throws what the work throws */
  async finish(): Promise<void> {
    this.begin();
    await this.#done;
  }
}
