import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnose } from "../../src/doctor/diagnose.ts";
import { DOCTOR_GROUPS } from "../../src/doctor/report.ts";
import { doctorOptions } from "../fixtures/doctor-options.ts";

test("every part is examined, each check has an id of its own in its part", async () => {
  const report = await diagnose(await doctorOptions());
  expect(Object.keys(report.checks)).toEqual([...DOCTOR_GROUPS]);
  const ids = Object.entries(report.checks).flatMap(([group, checks]) =>
    checks.map((check) => [group, check.id] as const),
  );
  expect(ids.every(([group, id]) => id.startsWith(`${group}.`))).toBe(true);
  expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
});

test("what is not ok says why; what is ok has nothing to say or do", async () => {
  const { checks } = await diagnose(await doctorOptions());
  const all = Object.values(checks).flat();
  const fine = all.filter((check) => check.status === "ok");
  const troubled = all.filter((check) => check.status !== "ok");
  expect(fine.filter((check) => check.why !== null || check.todo !== null)).toEqual([]);
  expect(troubled.filter((check) => check.why === null || check.why === "")).toEqual([]);
  expect(troubled.length).toBeGreaterThan(0);
});

test("only the parts that are asked for are examined", async () => {
  const { checks } = await diagnose(await doctorOptions(), ["models"]);
  expect(checks.models.length).toBeGreaterThan(0);
  expect([checks.energy, checks.engines, checks.host, checks.corpus]).toEqual([[], [], [], []]);
});

test("it creates nothing", async () => {
  const options = await doctorOptions();
  await diagnose(options);
  expect([options.paths.models, options.paths.engines, options.resultsDir].map((path) => existsSync(path))).toEqual([
    false,
    false,
    false,
  ]);
});

test("a token of the environment is nowhere in the report", async () => {
  const options = await doctorOptions();
  const report = await diagnose({ ...options, env: { ...options.env, HF_TOKEN: "hf_secretsecret" } });
  expect(JSON.stringify(report)).not.toContain("hf_secretsecret");
});
