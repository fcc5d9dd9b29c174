import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/** A local server and what it was asked. */
export interface TestServer {
  readonly url: string;
  /** The `Range` header of each request (`''` if it had none), in their order. */
  readonly ranges: string[];
  readonly requests: IncomingMessage[];
}

/** Answers a request; `attempt` counts them from 0. */
export type Answer = (request: IncomingMessage, response: ServerResponse, attempt: number) => void;

/** Starts a server on a free port of this machine; it is gone after the test. */
export async function httpServer(t: ExecutionContext, answer: Answer): Promise<TestServer> {
  const ranges: string[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? '');
    requests.push(request);
    answer(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.bin`, ranges, requests };
}

/** Answers ranges of `bytes` as RFC 9110 says. */
export function serveRanges(bytes: Buffer, headers: Record<string, string> = {}): Answer {
  return (request, response) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const start = Number(match?.[1] ?? 0);
    if (match === null) return void response.writeHead(200, headers).end(bytes);
    if (start >= bytes.length)
      return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    const end = Math.min(Number(match[2]) + 1, bytes.length);
    const range = `bytes ${start}-${end - 1}/${bytes.length}`;
    response.writeHead(206, { ...headers, 'content-range': range, 'content-length': end - start });
    response.end(bytes.subarray(start, end));
  };
}
