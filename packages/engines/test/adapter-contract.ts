import { isAbsolute, join } from "node:path";
import { ENGINE_IDS, type EngineId } from "@lem/domain";
import { describe, expect, it } from "vitest";
import type { EngineAdapter, EngineInstallation, LocateOptions } from "../src/adapter.ts";
import { loadAdapter } from "../src/registry.ts";
import { open, PATIENT, temporaryFolder } from "./fixtures/open-fake.ts";

/** What the contract needs to know of an engine. */
export interface ContractSubject {
  readonly id: EngineId;
  readonly locate: LocateOptions;
  /** What `locate` must answer on this machine. */
  readonly expected: EngineInstallation["status"];
}

/** What holds for every adapter, and where its engine is installed, for its worker. */
export function adapterContract({ id, locate, expected }: ContractSubject): void {
  const adapter = (): Promise<EngineAdapter> => loadAdapter(id);

  describe(`adapter of ${id}`, () => {
    it("is the one of its name, and says what it loads and reads", async () => {
      const { id: named, title, sections, formats } = await adapter();
      expect(ENGINE_IDS).toContain(named);
      expect(named).toBe(id);
      expect(title).not.toBe("");
      expect(formats.length).toBeGreaterThan(0);
      expect(new Set(formats).size).toBe(formats.length);
      expect(sections.length).toBeGreaterThan(0);
      expect(new Set(sections).size).toBe(sections.length);
      for (const section of sections) expect(section).toMatch(/^[a-z][a-z_]*$/);
    });

    it(`answers that the engine is ${expected}`, async () => {
      const found = await (await adapter()).locate(locate);
      expect(found.status).toBe(expected);
      if (found.status === "missing") expectReason(found);
      else expectCommand(found);
    });

    it("does not find a version that does not exist", async () => {
      const found = await (await adapter()).locate({ ...locate, version: "0.0.0-none" });
      expect(found.status).toBe("missing");
      if (found.status === "missing") expectReason(found);
    });

    if (expected === "installed") {
      it("starts a worker of that engine and version, which describes the sections", { timeout: 60_000 }, async () => {
        const engine = await adapter();
        const found = await engine.locate(locate);
        if (found.status !== "installed") throw new Error(found.reason);
        const session = await open({
          command: found.command,
          engine: id,
          env: locate.env,
          logPath: join(temporaryFolder(), "log.txt"),
          deadlines: PATIENT,
        });
        expect(session.hello).toMatchObject({ engine: id, engine_version: found.version });
        const described = await session.request("describe", {});
        expect(described).toMatchObject({ engine: id, engine_version: found.version });
        expect(Object.keys(described.sections).toSorted()).toEqual(engine.sections.toSorted());
        for (const schema of Object.values(described.sections)) expect(schema["type"]).toBe("object");
        expect((await session.close()).exitCode).toBe(0);
      });
    }
  });
}

function expectReason({ reason, hint }: { readonly reason: string; readonly hint: string }): void {
  expect(reason).not.toBe("");
  expect(hint).not.toBe("");
}

function expectCommand({
  command,
  version,
  variant,
  where,
}: Extract<EngineInstallation, { status: "installed" }>): void {
  expect(version).toMatch(/^\d+\./);
  expect(variant).not.toBe("");
  expect(isAbsolute(where)).toBe(true);
  expect(isAbsolute(command.file)).toBe(true);
  expect(command.file).not.toMatch(/\/(ba|da|z)?sh$/);
}
