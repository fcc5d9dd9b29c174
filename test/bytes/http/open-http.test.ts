import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import type { HttpInputOptions } from '../../../src/bytes/http/http-options.ts';
import { openHttp } from '../../../src/bytes/http/open-http.ts';
import { TidegateError } from '../../../src/errors.ts';
import { BufferPool } from '../../../src/memory/buffer-pool.ts';
import { KiB, MiB } from '../../../src/units.ts';
import { type Answer, httpServer, serveRanges } from '../../support/http-server.ts';
import { readAll } from '../../support/read-all.ts';
import { until } from '../../support/until.ts';

const bytes = randomBytes(3 * MiB + 17);
const fast: HttpInputOptions = { retryDelayMs: 1 };

test('a server with ranges is read at any offset, its size and time are known', async (t) => {
  const headers = { etag: '"v1"', 'last-modified': 'Sun, 06 Nov 1994 08:49:37 GMT' };
  const { url, ranges } = await httpServer(t, serveRanges(bytes, headers));
  const pool = new BufferPool();
  const input = await openHttp(url, { pool });
  t.like(input, { name: url, sizeBytes: bytes.length, isSeekable: true, mtime: '1994-11-06T08:49:37.000Z' });
  for (const [offset, lengthBytes] of [
    [2_000_000, 100],
    [5, 3],
    [1_999_000, 70_000],
    [bytes.length - 2, 10],
  ] as const) {
    const chunk = await input.read(offset, lengthBytes);
    t.true(chunk.bytes.equals(bytes.subarray(offset, offset + lengthBytes)));
    chunk.release();
  }
  t.is((await input.read(bytes.length, 1)).bytes.length, 0);
  t.is(ranges[0], 'bytes=0-65535');
  await input.close();
  await until(() => pool.stats().inUse === 0);
  t.throws(() => input.read(0, 1), { code: 'ERR_INPUT_READ' });
});

test('many small reads are few requests', async (t) => {
  const { url, ranges } = await httpServer(t, serveRanges(bytes));
  const input = await openHttp(url);
  t.true((await readAll(input, 1000)).bytes.equals(bytes));
  t.true(ranges.length <= 12, `${ranges.length} requests`);
});

test('a cache smaller than what is read ahead still gives the right bytes', async (t) => {
  const { url } = await httpServer(t, serveRanges(bytes));
  for (const cacheBytes of [1, 128 * KiB]) {
    const input = await openHttp(url, { cacheBytes });
    t.true((await readAll(input, 100_000)).bytes.equals(bytes));
  }
});

test('two reads at once are answered, from one request where they lie together', async (t) => {
  const { url, ranges } = await httpServer(t, serveRanges(bytes));
  const input = await openHttp(url);
  const [one, two] = await Promise.all([input.read(1_000_000, 50), input.read(1_000_100, 50)]);
  t.true(one.bytes.equals(bytes.subarray(1_000_000, 1_000_050)));
  t.true(two.bytes.equals(bytes.subarray(1_000_100, 1_000_150)));
  t.is(ranges.length, 2);
  one.release();
  two.release();
  await input.close();
});

test('an empty resource is an empty input', async (t) => {
  const { url } = await httpServer(t, serveRanges(Buffer.alloc(0)));
  const input = await openHttp(url);
  t.is(input.sizeBytes, 0);
  t.is((await input.read(0, 10)).bytes.length, 0);
  await input.close();
});

test('a server without ranges is read front to back, and a read too far back says so', async (t) => {
  const { url } = await httpServer(t, (_, response) =>
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
  );
  const input = await openHttp(url, { rewindBytes: 1000 });
  t.like(input, { isSeekable: false, sizeBytes: bytes.length });
  (await input.read(500_000, 10)).release();
  t.throws(() => input.read(0, 10), { code: 'ERR_NOT_SEEKABLE' });
  await input.close();
  const again = await openHttp(url);
  t.true((await readAll(again, 100_000)).bytes.equals(bytes));
});

test('an answer that is packed on its way has no ranges: it is unpacked and read front to back', async (t) => {
  const packed = gzipSync(bytes);
  const { url } = await httpServer(t, (request, response) => {
    const headers = { 'content-encoding': 'gzip', 'content-range': `bytes 0-${packed.length - 1}/${packed.length}` };
    response.writeHead(request.headers.range ? 206 : 200, headers).end(packed);
  });
  const input = await openHttp(url);
  t.is(input.sizeBytes, undefined);
  t.true((await readAll(input, 100_000)).bytes.equals(bytes));
});

test('redirects are followed, credentials are sent and never shown', async (t) => {
  const serve = serveRanges(bytes);
  const { url, requests } = await httpServer(t, (request, response, attempt) => {
    if (request.url?.startsWith('/moved')) response.writeHead(302, { location: '/data.bin' }).end();
    else serve(request, response, attempt);
  });
  const secret = url.replace('//', '//user:p%40ss@').replace('/data.bin', '/moved?sig=abc&page=2#top');
  const input = await openHttp(secret);
  t.is(input.name, url.replace('/data.bin', '/moved?page=2'));
  (await input.read(1_000_000, 1)).release();
  t.is(requests[0]?.headers.authorization, `Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  await input.close();
});

test('what fails for a moment is tried again, from where it stopped', async (t) => {
  const serve = serveRanges(bytes);
  const { url, ranges } = await httpServer(t, (request, response, attempt) => {
    if (attempt === 0) response.writeHead(503, { 'retry-after': '0' }).end();
    else if (attempt === 1) request.socket.destroy();
    else if (attempt === 3) {
      const range = `bytes 1048576-1114111/${bytes.length}`;
      response.writeHead(206, { 'content-range': range, 'content-length': 65536 });
      response.write(bytes.subarray(1_048_576, 1_058_576));
      setTimeout(() => request.socket.destroy(), 50);
    } else serve(request, response, attempt);
  });
  const input = await openHttp(url, fast);
  const chunk = await input.read(MiB, 65_536);
  t.true(chunk.bytes.equals(bytes.subarray(MiB, MiB + 65_536)));
  chunk.release();
  t.is(ranges.at(-1), 'bytes=1058576-1114111');
  await input.close();
});

test('an answer shorter than it declares, again and again, is an error and never zeros', async (t) => {
  const { url, ranges } = await httpServer(t, (_, response, attempt) => {
    if (attempt === 0) return serveRanges(bytes)(_, response, attempt);
    response.writeHead(206, { 'content-range': `bytes 131072-196607/${bytes.length}` }).end(); // chunked, and empty
  });
  const input = await openHttp(url, { ...fast, retryCount: 2 });
  await t.throwsAsync(async () => input.read(131_072, 10), { code: 'ERR_INPUT_READ' });
  t.is(ranges.length, 4);
  await input.close();
});

test('a server that sends less than it was asked for is asked for the rest', async (t) => {
  const { url } = await httpServer(t, (request, response, attempt) => {
    const [start, end] = (request.headers.range ?? '').slice('bytes='.length).split('-').map(Number);
    request.headers.range = `bytes=${start}-${Math.min(end!, start! + 9999)}`;
    serveRanges(bytes)(request, response, attempt);
  });
  const input = await openHttp(url, { ...fast, retryCount: 0 });
  const chunk = await input.read(200_000, 100_000);
  t.true(chunk.bytes.equals(bytes.subarray(200_000, 300_000)));
  chunk.release();
  await input.close();
});

const lies: Record<string, Answer> = {
  'another range': (_, response) =>
    response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` }).end(bytes.subarray(0, 10)),
  'more than it was asked for': (_, response) =>
    response.writeHead(206, { 'content-range': `bytes 131072-196607/${bytes.length}` }).end(bytes),
  'a refusal': (_, response) => response.writeHead(403).end('no'),
};
for (const [lie, answer] of Object.entries(lies)) {
  test(`a server that sends ${lie} is an ERR_INPUT_READ with the offset`, async (t) => {
    const { url, ranges } = await httpServer(t, (request, response, attempt) =>
      (attempt === 0 ? serveRanges(bytes) : answer)(request, response, attempt),
    );
    const input = await openHttp(url, fast);
    const error = await t.throwsAsync(async () => input.read(131_072, 10), { instanceOf: TidegateError });
    t.like(error, { code: 'ERR_INPUT_READ', file: url });
    t.true(error!.offset! >= 131_072);
    t.is(ranges.length, 2);
    await input.close();
  });
}

const changes: Record<string, Answer> = {
  'another ETag': serveRanges(bytes, { etag: '"v2"' }),
  'another size': serveRanges(bytes.subarray(0, 2_000_000), { etag: '"v1"' }),
  'no such range': (_, response) => response.writeHead(416, { 'content-range': 'bytes */100' }).end(),
  'the whole of other bytes': (_, response) => response.writeHead(200, { etag: '"v2"' }).end('other'),
};
for (const [change, answer] of Object.entries(changes)) {
  test(`${change} on the way is an ERR_INPUT_CHANGED`, async (t) => {
    const { url } = await httpServer(t, (request, response, attempt) =>
      (attempt === 0 ? serveRanges(bytes, { etag: '"v1"' }) : answer)(request, response, attempt),
    );
    const input = await openHttp(url, fast);
    await t.throwsAsync(async () => input.read(1_000_000, 10), { code: 'ERR_INPUT_CHANGED' });
    await input.close();
  });
}

test('silence of the server is an ERR_TIMEOUT: at the opening, between ranges, and inside a body', async (t) => {
  const options = { timeoutMs: 400, retryCount: 1, retryDelayMs: 1 };
  const silent = await httpServer(t, () => {});
  await t.throwsAsync(openHttp(silent.url, options), { code: 'ERR_TIMEOUT' });
  t.is(silent.ranges.length, 2);
  const later = await httpServer(t, (request, response, attempt) => {
    if (attempt === 0) return serveRanges(bytes)(request, response, attempt);
    const range = request.headers.range!.replace('=', ' ');
    response.writeHead(206, { 'content-range': `${range}/${bytes.length}` }).write('some');
  });
  const input = await openHttp(later.url, options);
  await t.throwsAsync(async () => input.read(131_072, 10), { code: 'ERR_TIMEOUT' });
  await input.close();
  const whole = await httpServer(t, (_, response) => void response.writeHead(200).write('some'));
  const sequential = await openHttp(whole.url, options);
  const chunk = await sequential.read(0, 10);
  t.is(chunk.bytes.toString(), 'some');
  chunk.release();
  await t.throwsAsync(async () => sequential.read(4, 10), { code: 'ERR_TIMEOUT' });
  await sequential.close();
});

test('what cannot be opened is an ERR_INPUT_OPEN: no such thing, no such server', async (t) => {
  const { url, ranges } = await httpServer(t, (_, response) => response.writeHead(404).end());
  const error = await t.throwsAsync(openHttp(url, fast), { code: 'ERR_INPUT_OPEN' });
  t.is((error as TidegateError).facts.status, 404);
  t.is(ranges.length, 1);
  for (const wrong of ['http://', 'http://user:%zz@host/'])
    await t.throwsAsync(openHttp(wrong), { code: 'ERR_INPUT_OPEN' });
  const hidden = await t.throwsAsync(openHttp('http://user:pass@ho st/'), { code: 'ERR_INPUT_OPEN' });
  t.notRegex(hidden!.message, /pass/);
  await t.throwsAsync(openHttp('http://127.0.0.1:1/', { ...fast, retryCount: 1 }), { code: 'ERR_INPUT_OPEN' });
});

test('an abort rejects the read at once, and the opening too', async (t) => {
  const { url } = await httpServer(t, (request, response, attempt) => {
    if (attempt === 0) serveRanges(bytes)(request, response, attempt);
  });
  const pool = new BufferPool();
  const input = await openHttp(url, { pool });
  const controller = new AbortController();
  const read = input.read(1_000_000, 10, controller.signal);
  controller.abort(new Error('enough'));
  await t.throwsAsync(async () => read, { message: 'enough' });
  await input.close();
  await until(() => pool.stats().inUse === 0);
  const patience = new AbortController();
  const opening = openHttp(url, { signal: patience.signal });
  setTimeout(() => patience.abort(new Error('too slow')), 20);
  await t.throwsAsync(opening, { message: 'too slow' });
});
