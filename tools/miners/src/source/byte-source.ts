import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fromSystemError, LemError } from "@lem/domain";

/** Bytes at an address, of which any part can be read without the rest. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `start` up to, not including, `end`. */
  readonly read: (start: number, end: number) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

const TRIES = 3;

/**
 * Opens the address that pip reported: `file:`, or `http(s):` at a server that answers byte ranges.
 * @throws LemError `mine.source-missing` when it cannot be reached or serves no ranges, `io.*` for a file
 */
export async function openByteSource(address: string, signal?: AbortSignal): Promise<ByteSource> {
  const url = new URL(address);
  return url.protocol === "file:" ? await openFile(fileURLToPath(url)) : await openHttp(url, signal);
}

async function openFile(path: string): Promise<ByteSource> {
  try {
    const file = await open(path, "r");
    const { size } = await file.stat();
    const read = async (start: number, end: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
      return buffer.subarray(0, bytesRead);
    };
    return { size, read, close: () => file.close() };
  } catch (error) {
    throw fromSystemError(error, `reading ${path}`);
  }
}

async function openHttp(url: URL, signal: AbortSignal | undefined): Promise<ByteSource> {
  const headers = credentials(url);
  const get = (range: string): Promise<Response> => withRetries(url, { headers: { ...headers, range }, signal });
  const probe = await get("bytes=0-0");
  const size = Number(/\/(\d+)$/.exec(probe.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
  await probe.body?.cancel();
  if (probe.status !== 206 || !Number.isSafeInteger(size))
    throw unreadable(url, `status ${probe.status}, no byte range`);
  const read = async (start: number, end: number): Promise<Buffer> => {
    const answer = await get(`bytes=${start}-${end - 1}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status === 206 && bytes.length === end - start) return bytes;
    throw unreadable(url, `status ${answer.status}, ${bytes.length} bytes instead of ${end - start}`);
  };
  return { size, read, close: () => Promise.resolve() };
}

/** Takes the user name and password out of the address: no message or request line may show them. */
function credentials(url: URL): Record<string, string> {
  const { username, password } = url;
  url.username = "";
  url.password = "";
  if (username === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

interface RangeRequest {
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal | undefined;
}

async function withRetries(url: URL, { headers, signal }: RangeRequest): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(url, { headers, ...(signal === undefined ? {} : { signal }) });
      if (answer.status < 500 || attempt === TRIES) return answer;
      await answer.body?.cancel();
    } catch (error) {
      if (signal?.aborted === true) throw new LemError("run.interrupted", "reading was stopped", { cause: error });
      if (attempt === TRIES) throw unreadable(url, error instanceof Error ? error.message : String(error), error);
    }
  }
}

function unreadable(url: URL, why: string, cause?: unknown): LemError {
  return new LemError("mine.source-missing", `${url.pathname.split("/").at(-1)} cannot be read in parts: ${why}`, {
    hint: "unpack the package and name its folder with --source",
    cause,
  });
}
