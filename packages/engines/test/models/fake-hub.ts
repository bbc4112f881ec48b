import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The commit that every branch of the fake hub means. */
export const COMMIT: string = "c0ffee".padEnd(40, "0");

/** A file that the hub serves. */
export interface ServedFile {
  readonly content: Buffer;
  /** Stated size, where it is to be wrong. */
  readonly size?: number;
  /** Stated SHA-256, where it is to be wrong. */
  readonly sha256?: string;
  /** True: outside large file storage, with git's id. */
  readonly small?: boolean;
}

/** How the hub misbehaves; may be changed between requests. */
export interface Behaviour {
  /** Answers every question with this status. */
  status?: number;
  errorCode?: string;
  /** Waits before every answer. */
  delayMs?: number;
  /** Breaks the connection after so many bytes of a body, so many times. */
  breakAfter?: number;
  breaks?: number;
  /** Sends those who want content to another server. */
  redirectTo?: string;
  /** Ignores Range. */
  wholeOnly?: boolean;
}

/** What was asked. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A real HTTP server that speaks the few questions lem asks of a model hub. */
export interface FakeHub {
  readonly url: string;
  readonly behaviour: Behaviour;
  readonly asked: Asked[];
  /** Requests for a file's content. */
  downloads(): readonly Asked[];
  close(): Promise<void>;
}

/** Starts a hub with one repository, `org/model`. */
export async function startHub(files: Readonly<Record<string, ServedFile>>): Promise<FakeHub> {
  const behaviour: Behaviour = {};
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? "", headers: request.headers });
    setTimeout(() => answer(files, behaviour, { request, response }), behaviour.delayMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    behaviour,
    asked,
    downloads: () => asked.filter(({ path }) => path.includes("/resolve/")),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function answer(
  files: Readonly<Record<string, ServedFile>>,
  behaviour: Behaviour,
  { request, response }: Exchange,
): void {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const name = decodeURIComponent(path.split(`/resolve/${COMMIT}/`)[1] ?? "");
  if (behaviour.status !== undefined) {
    response.writeHead(behaviour.status, { "x-error-code": behaviour.errorCode ?? "" }).end("{}");
  } else if (/^\/api\/models\/org\/model\/revision\/[^/]+$/.test(path)) {
    json(response, { _id: "1", id: "org/model", sha: COMMIT, private: false, lastModified: "2026-01-01T00:00:00Z" });
  } else if (path === `/api/models/org/model/tree/${COMMIT}`) {
    json(
      response,
      Object.entries(files).map(([file, served]) => treeEntry(file, served)),
    );
  } else if (behaviour.redirectTo !== undefined && name !== "") {
    response.writeHead(302, { location: `${behaviour.redirectTo}${path}` }).end();
  } else if (files[name] !== undefined) {
    sendFile(files[name].content, behaviour, { request, response });
  } else {
    response.writeHead(404, { "x-error-code": "EntryNotFound" }).end("{}");
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function treeEntry(path: string, { content, size = content.length, sha256, small }: ServedFile): object {
  const oid = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  const stated = sha256 ?? createHash("sha256").update(content).digest("hex");
  const lfs = { oid: stated, size, pointerSize: 130 };
  return { type: "file", path, size, oid, ...(small === true ? {} : { lfs }) };
}

function sendFile(content: Buffer, behaviour: Behaviour, { request, response }: Exchange): void {
  const from = behaviour.wholeOnly === true ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const body = content.subarray(from);
  const range = from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { "content-length": body.length, ...range });
  if (behaviour.breakAfter === undefined || (behaviour.breaks ?? Infinity) <= 0) {
    response.end(body);
    return;
  }
  behaviour.breaks = (behaviour.breaks ?? Infinity) - 1;
  response.write(body.subarray(0, behaviour.breakAfter), () => setTimeout(() => response.destroy(), 20));
}
