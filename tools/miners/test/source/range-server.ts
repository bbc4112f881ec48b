import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of one file that answers byte ranges, and counts the bytes it gave. */
export interface RangeServer {
  readonly address: string;
  readonly sent: () => number;
  readonly close: () => Promise<void>;
}

/** Starts it on a free port of this machine; `ranges: false` makes it one that knows no ranges. */
export async function serve(
  bytes: Buffer,
  { ranges }: { readonly ranges: boolean } = { ranges: true },
): Promise<RangeServer> {
  let sent = 0;
  const server = createServer((request, response) => {
    const [, from = "0", to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const part = ranges && to !== undefined ? bytes.subarray(Number(from), Number(to) + 1) : bytes;
    sent += part.length;
    const range = { "content-range": `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}` };
    response.writeHead(part === bytes ? 200 : 206, part === bytes ? {} : range).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { address: `http://127.0.0.1:${port}/package.whl`, sent: () => sent, close };
}
