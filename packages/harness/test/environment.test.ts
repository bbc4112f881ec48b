import { hostname, userInfo } from "node:os";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FACT_GROUPS, UNAVAILABLE_REASONS, type EnvironmentSnapshot, type Fact } from "@lem/domain";
import { takeEnvironmentSnapshot, type SnapshotSubject } from "../src/environment.ts";

const SUBJECT: SnapshotSubject = {
  engine: { id: "transformers", version: "5.23.0", packages: { torch: "2.13.0+cpu", "huggingface-hub": "1.2.3" } },
  lemVersion: "1.2.3",
  repositoryDir: import.meta.dirname,
};

const allFacts = ({ facts }: EnvironmentSnapshot): readonly Fact[] =>
  Object.values(facts).flatMap((group) => Object.values(group));

test("every group has facts, and at least 25 are measured on a plain machine", async () => {
  const snapshot = await takeEnvironmentSnapshot(SUBJECT);
  expect(Object.keys(snapshot.facts)).toEqual([...FACT_GROUPS]);
  expect(FACT_GROUPS.filter((group) => Object.keys(snapshot.facts[group]).length === 0)).toEqual([]);
  expect(allFacts(snapshot).filter((each) => each.status === "measured").length).toBeGreaterThanOrEqual(25);
});

test("an observed fact names its source, a missing one its reason and detail", async () => {
  const all = allFacts(await takeEnvironmentSnapshot(SUBJECT));
  const sourceless = all.filter((each) => each.status === "measured" && each.source === "");
  const unexplained = all.filter(
    (each) => each.status === "unavailable" && (each.detail === "" || !UNAVAILABLE_REASONS.includes(each.reason)),
  );
  expect([sourceless, unexplained]).toEqual([[], []]);
});

test("names are in snake_case and values survive JSON", async () => {
  const snapshot = await takeEnvironmentSnapshot(SUBJECT);
  const names = Object.values(snapshot.facts).flatMap((group) => Object.keys(group));
  expect(names.filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))).toEqual([]);
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
});

test("a machine that tells nothing has no observed fact of its own: nothing is guessed, nothing is zero", async () => {
  const root = await mkdtemp(join(tmpdir(), "lem-nowhere-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const { facts } = await takeEnvironmentSnapshot({ ...SUBJECT, root, repositoryDir: root });
  const observed = [facts.cpu, facts.memory, facts.repository].flatMap((group) =>
    Object.entries(group).filter(([, each]) => each.status === "measured"),
  );
  expect(observed).toEqual([]);
});

test("software: engine, packages of the worker, lem and Node", async () => {
  const { software } = (await takeEnvironmentSnapshot(SUBJECT)).facts;
  expect(software["engine_version"]).toMatchObject({ value: "5.23.0" });
  expect(software["torch_version"]).toMatchObject({ value: "2.13.0+cpu" });
  expect(software["package_huggingface_hub"]).toMatchObject({ value: "1.2.3" });
  expect(software["lem_version"]).toMatchObject({ value: "1.2.3" });
  expect(software["node_version"]).toMatchObject({ value: process.versions.node });
});

test.each([
  ["llama-cpp", "not-applicable"],
  ["vllm", "not-reported-by-engine"],
] as const)("PyTorch is missing for %s because it is %s", async (id, reason) => {
  const engine = { id, version: "1", packages: {} };
  const { software } = (await takeEnvironmentSnapshot({ ...SUBJECT, engine })).facts;
  expect(software["torch_version"]).toMatchObject({ status: "unavailable", reason });
});

test("the project's commit is git's own", async () => {
  const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const { repository } = (await takeEnvironmentSnapshot(SUBJECT)).facts;
  expect(repository["commit"]).toMatchObject({ status: "measured", value: commit });
});

test("no host name, user name or token is in it", async () => {
  process.env["HF_TOKEN"] = "hf_secretsecret";
  onTestFinished(() => void delete process.env["HF_TOKEN"]);
  const all = allFacts(await takeEnvironmentSnapshot(SUBJECT));
  expect(JSON.stringify(all)).not.toContain("hf_secretsecret");
  const values = all.map((each) => (each.status === "measured" ? each.value : null));
  expect(values).not.toContain(hostname());
  expect(values).not.toContain(userInfo().username);
});
