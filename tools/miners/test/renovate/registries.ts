import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Versions by package, as the registries of three kinds tell them. */
export type Released = Readonly<Record<string, readonly string[]>>;

/** A package index, an npm registry and a registry of images on this machine, which have only what they are told. */
export interface Registries {
  readonly host: string;
  close(): Promise<void>;
}

const DAY = "2026-01-01T00:00:00Z";

const pairs = <T>(versions: readonly string[], value: T): Readonly<Record<string, T>> =>
  Object.fromEntries(versions.map((version) => [version, value]));

/** The answer at an address; undefined where there is none. */
function answerAt(path: string, released: Released): unknown {
  const [, kind = "", rest = ""] = /^\/([^/]+)\/(.*)$/.exec(path) ?? [];
  const name = decodeURIComponent(kind === "v2" ? rest.replace("/tags/list", "") : rest.replace(/\/json$/, ""));
  const versions = released[name];
  if (kind === "v2" && rest === "") return {};
  if (versions === undefined) return undefined;
  if (kind === "v2") return { name, tags: versions };
  if (kind === "pypi") return { info: { name }, releases: pairs(versions, [{ upload_time: DAY }]) };
  return { name, "dist-tags": { latest: versions.at(-1) }, versions: pairs(versions, {}), time: pairs(versions, DAY) };
}

/** Starts them. */
export async function startRegistries(released: Released): Promise<Registries> {
  const server: Server = createServer((request, response) => {
    const answer = answerAt((request.url ?? "").replace(/\?.*$/, ""), released);
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { host: `127.0.0.1:${port}`, close };
}
