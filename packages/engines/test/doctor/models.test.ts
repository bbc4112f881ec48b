import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { diagnose } from "../../src/doctor/diagnose.ts";
import { checkOf, doctorOptions } from "../fixtures/doctor-options.ts";

async function hub(status: number): Promise<{ readonly endpoint: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end("[]");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test("the hub is not asked unless wanted", async () => {
  const { endpoint, asked } = await hub(200);
  const options = await doctorOptions();
  const report = await diagnose({ ...options, env: { ...options.env, HF_ENDPOINT: endpoint } }, ["models"]);
  expect(asked).toEqual([]);
  expect(report.checks.models.map((check) => check.id)).toEqual(["models.cache"]);
});

test.each([
  [200, "ok"],
  [503, "missing"],
])("a hub that answers %i is %s", async (code, status) => {
  const { endpoint } = await hub(code);
  const options = await doctorOptions({ probeHub: true });
  const report = await diagnose({ ...options, env: { ...options.env, HF_ENDPOINT: endpoint } }, ["models"]);
  expect(checkOf(report, "models.hub")).toMatchObject({ status });
});

test("a hub that is switched off is not asked", async () => {
  const { endpoint, asked } = await hub(200);
  const options = await doctorOptions({ probeHub: true });
  const env = { ...options.env, HF_ENDPOINT: endpoint, HF_HUB_OFFLINE: "1" };
  expect(checkOf(await diagnose({ ...options, env }, ["models"]), "models.hub")).toMatchObject({ status: "warn" });
  expect(asked).toEqual([]);
});

test("the cache's room is told before it exists", async () => {
  const report = await diagnose(await doctorOptions(), ["models"]);
  expect(checkOf(report, "models.cache").found).toMatch(/^\d+\.\d GiB free, .*models$/);
});
