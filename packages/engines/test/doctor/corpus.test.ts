import { expect, test } from "vitest";
import { LemError } from "@lem/domain";
import { diagnose } from "../../src/doctor/diagnose.ts";
import type { DoctorOptions } from "../../src/doctor/report.ts";
import { adapterThat, checkOf, doctorOptions } from "../fixtures/doctor-options.ts";

const INSTALLED = adapterThat(async () => ({
  status: "installed",
  version: "5.23.0",
  variant: "cpu",
  where: "/x",
  command: { file: "python", args: [], env: {} },
}));
const ABSENT = adapterThat(async () => ({ status: "missing", reason: "not there", hint: "install it" }));

const examine = async (given: Partial<DoctorOptions>): Promise<unknown> =>
  checkOf(await diagnose(await doctorOptions(given), ["corpus"]), "corpus.transformers");

test("the installed version is looked up", async () => {
  const asked: unknown[] = [];
  await examine({ adapters: [INSTALLED], findCorpus: (...question) => (asked.push(question), { status: "missing" }) });
  expect(asked).toEqual([["transformers", "5.23.0"]]);
});

test.each([
  [{ status: "exact", version: "5.23.0" } as const, "ok"],
  [{ status: "other-version", version: "5.17.0" } as const, "warn"],
  [{ status: "missing" } as const, "missing"],
])("finding %j for an installed engine is %s", async (finding, status) => {
  expect(await examine({ adapters: [INSTALLED], findCorpus: () => finding })).toMatchObject({ status });
});

test("any version will do while none is installed", async () => {
  const findCorpus = () => ({ status: "exact", version: "5.17.0" }) as const;
  expect(await examine({ adapters: [ABSENT], findCorpus })).toMatchObject({ status: "ok", found: "5.17.0" });
});

test("a damaged corpus is told, not thrown", async () => {
  const findCorpus = (): never => {
    throw new LemError("config.corpus-missing", "cannot be read", { hint: "install lem again" });
  };
  expect(await examine({ adapters: [INSTALLED], findCorpus })).toMatchObject({
    status: "missing",
    why: "cannot be read",
    todo: "install lem again",
  });
});
