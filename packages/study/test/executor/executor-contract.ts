import { LemError } from "@lem/domain";
import { expect, test } from "vitest";
import type { Executor, ExperimentJob } from "../../src/executor/executor.ts";

/** What the contract needs of a member. */
export interface ContractMember {
  readonly executor: () => Executor;
  /** A job that completes. */
  readonly job: () => Promise<ExperimentJob>;
  /** A job that does not end by itself before it is cancelled. */
  readonly hanging: () => Promise<ExperimentJob>;
}

/** What every executor keeps, wherever it runs experiments. */
export function executorContract(name: string, member: ContractMember): void {
  test(
    `${name}: a job that was taken has an end, and what it stored can be collected`,
    { timeout: 120_000 },
    async () => {
      const executor = member.executor();
      const job = await member.job();
      await executor.open();
      const end = await executor.wait(await executor.submit(job));
      expect(end).toMatchObject({ status: "completed" });
      expect((await executor.collect(job)) !== undefined).toBe(end.stored);
      await executor.close();
      await executor.close();
    },
  );

  test(`${name}: a job that is cancelled ends with the reason`, { timeout: 120_000 }, async () => {
    const executor = member.executor();
    const handle = await executor.submit(await member.hanging());
    const end = executor.wait(handle);
    await executor.cancel(handle, new LemError("run.timeout", "long enough"));
    expect(await end).toMatchObject({ status: "failed", failure: { code: "run.timeout" } });
    await executor.close();
  });

  test(`${name}: what was never run has nothing to collect`, async () => {
    expect(await member.executor().collect(await member.job())).toBeUndefined();
  });
}
