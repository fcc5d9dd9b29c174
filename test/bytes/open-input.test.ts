import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { inflateInput } from '../../src/bytes/inflate-input.ts';
import type { Input } from '../../src/bytes/input.ts';
import { MemoryInput } from '../../src/bytes/memory-input.ts';
import { type InputSource, openInput } from '../../src/bytes/open-input.ts';
import { KiB, MiB } from '../../src/units.ts';
import { httpServer, serveRanges } from '../support/http-server.ts';
import { readAll } from '../support/read-all.ts';
import { tempFile } from '../support/temp.ts';
import { testRuns } from '../support/test-runs.ts';

const bytes = randomBytes(400_000);

function* pieces(sizeBytes = 7777): Generator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += sizeBytes) yield bytes.subarray(offset, offset + sizeBytes);
}

test('every kind of input gives the same bytes for the same reads', async (t) => {
  const path = tempFile(t, bytes);
  const whole = (_: unknown, response: { end(bytes: Buffer): void }) => response.end(bytes);
  const [ranged, unranged] = [await httpServer(t, serveRanges(bytes)), await httpServer(t, whole)];
  const rewindBytes = bytes.length;
  const kinds: Record<string, () => Input | Promise<Input>> = {
    file: () => openInput(path),
    'file, synchronous': () => openInput(path, { isSync: true }),
    Buffer: () => openInput(bytes),
    Blob: () => openInput(new Blob([bytes])),
    'HTTP ranges': () => openInput(ranged.url),
    'HTTP without ranges': () => openInput(unranged.url, { rewindBytes }),
    Readable: () => openInput(Readable.from(pieces(), { objectMode: false }), { rewindBytes }),
    ReadableStream: () => openInput(new Blob([bytes]).stream(), { rewindBytes }),
    inflated: () => inflateInput(new MemoryInput(gzipSync(bytes)), { rewindBytes }),
  };
  const read = fc.tuple(fc.nat({ max: bytes.length + 10 }), fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 300_000 })));
  for (const [kind, open] of Object.entries(kinds)) {
    await fc.assert(
      fc.asyncProperty(fc.array(read, { maxLength: 12 }), async (reads) => {
        const input = await open();
        try {
          for (const [offset, lengthBytes] of reads) {
            const chunk = await input.read(offset, lengthBytes);
            const isSame = chunk.bytes.equals(bytes.subarray(offset, offset + lengthBytes));
            chunk.release();
            if (!isSame) throw new Error(`${kind}: other bytes at ${offset}, ${lengthBytes}`);
          }
        } finally {
          await input.close();
        }
      }),
      { numRuns: testRuns(200) },
    );
  }
  t.pass();
});

const views: Record<string, [InputSource, string]> = {
  Uint8Array: [new Uint8Array(Buffer.from('tide')), 'memory:'],
  ArrayBuffer: [new Uint8Array(Buffer.from('tide')).buffer, 'memory:'],
  Blob: [new Blob(['tide']), 'blob:'],
  File: [new File(['tide'], 'sea.bin', { lastModified: 0 }), 'sea.bin'],
  'Readable of text': [Readable.from(['ti', 'de']), 'stream:'],
  'Web stream of text': [ReadableStream.from(['ti', 'de']), 'stream:'],
  'an input': [new MemoryInput(Buffer.from('tide'), { name: 'mine' }), 'mine'],
};
for (const [kind, [source, name]] of Object.entries(views)) {
  test(`${kind} is opened, and named ${name}`, async (t) => {
    const input = await openInput(source);
    t.is(input.name, name);
    t.is((await readAll(input, 3)).bytes.toString(), 'tide');
  });
}

test('a path keeps its name, a URL is a URL, a read stream has its path', async (t) => {
  const path = tempFile(t, 'tide');
  const url = pathToFileURL(path);
  const cases: [InputSource, string][] = [
    [path, path],
    [url, url.href],
    [url.href, url.href],
    [createReadStream(path), path],
  ];
  for (const [source, name] of cases) {
    const input = await openInput(source);
    t.is(input.name, name);
    t.is((await readAll(input, 100)).bytes.toString(), 'tide');
  }
});

test('standard input is read to its end, from a pipe and from a file', async (t) => {
  const path = tempFile(t, bytes);
  const script = `
    import { openInput } from ${JSON.stringify(new URL('../../src/bytes/open-input.js', import.meta.url))};
    const input = openInput('-');
    const chunk = await input.read(0, 1e6);
    process.stdout.write(JSON.stringify([input.name, chunk.bytes.length, input.sizeBytes]));
    chunk.release();
    await input.close();`;
  for (const redirect of ['cat "$0" | "$1" --input-type=module -e "$2"', '"$1" --input-type=module -e "$2" < "$0"']) {
    const { stdout } = await promisify(execFile)('sh', ['-c', redirect, path, process.execPath, script]);
    t.deepEqual(JSON.parse(stdout), ['-', bytes.length, bytes.length]);
  }
});

test('a Readable is read no further than it is asked for', async (t) => {
  let given = 0;
  const endless = new Readable({
    highWaterMark: 16 * KiB,
    read() {
      given += 16 * KiB;
      this.push(Buffer.alloc(16 * KiB));
    },
  });
  const input = await openInput(endless);
  (await input.read(0, MiB)).release();
  await new Promise((resolve) => setTimeout(resolve, 20));
  t.true(given <= MiB + 64 * KiB);
  await input.close();
  t.true(endless.destroyed);
});

test('a Web stream is read no further than it is asked for, and cancelled by close', async (t) => {
  let given = 0;
  let isCancelled = false;
  const endless = new ReadableStream({
    pull(out) {
      given += 16 * KiB;
      out.enqueue(new Uint8Array(16 * KiB));
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  const input = await openInput(endless);
  (await input.read(0, MiB)).release();
  t.true(given <= MiB + 64 * KiB);
  await input.close();
  t.true(isCancelled);
});

test('a stream that fails, or is closed before its end, is an ERR_INPUT_READ behind its bytes', async (t) => {
  for (const failure of [new Error('wire cut'), undefined]) {
    const stream = new PassThrough();
    stream.write('tide');
    setTimeout(() => stream.destroy(failure), 10);
    const { bytes, error } = await readAll(await openInput(stream), 10);
    t.is(bytes.toString(), 'tide');
    t.is(error?.code, 'ERR_INPUT_READ');
  }
  const broken = new ReadableStream({ start: (out) => out.error(new Error('wire cut')) });
  const { error } = await readAll(await openInput(broken), 10);
  t.like(error?.cause, { message: 'wire cut' });
});

test('streams that give no bytes are refused with what they give', async (t) => {
  const decoded = new PassThrough().setEncoding('utf8');
  decoded.end('tide');
  for (const source of [Readable.from([1, 2]), decoded]) {
    const { error } = await readAll(await openInput(source), 10);
    t.is(error?.code, 'ERR_INPUT_READ');
  }
});

test('streams that are used up or locked cannot be opened', async (t) => {
  const used = Readable.from(['x']);
  for await (const _ of used);
  t.throws(() => openInput(used), { code: 'ERR_INPUT_OPEN' });
  const locked = new Blob(['x']).stream();
  locked.getReader();
  t.throws(() => openInput(locked as ReadableStream), { code: 'ERR_INPUT_OPEN' });
});

test('what is no input is an ERR_OPTION that shows it', (t) => {
  for (const source of [undefined, null, 7, {}, [1, 2]]) {
    t.throws(() => openInput(source as unknown as InputSource), {
      code: 'ERR_OPTION',
      message: /^Cannot open an input/,
    });
  }
});
