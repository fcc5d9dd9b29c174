import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { openFile } from '../../src/bytes/file-input.ts';
import { type InflateOptions, inflateInput } from '../../src/bytes/inflate-input.ts';
import type { Input } from '../../src/bytes/input.ts';
import { MemoryInput } from '../../src/bytes/memory-input.ts';
import { openInput } from '../../src/bytes/open-input.ts';
import { BufferPool } from '../../src/memory/buffer-pool.ts';
import { KiB, MiB } from '../../src/units.ts';
import { type Reading, readAll } from '../support/read-all.ts';
import { tempFile } from '../support/temp.ts';
import { until } from '../support/until.ts';

const plain = Buffer.concat([randomBytes(70 * KiB), Buffer.alloc(300 * KiB, 'tide'), randomBytes(5000)]);
const kinds = { gzip: gzipSync, zlib: deflateSync, 'deflate-raw': deflateRawSync } as const;

function inflate(bytes: Buffer, options: InflateOptions): Promise<Reading> {
  return readAll(inflateInput(new MemoryInput(bytes), options), 30_000);
}

for (const [kind, pack] of Object.entries(kinds) as [keyof typeof kinds, typeof gzipSync][]) {
  test(`${kind} bytes come out as they went in, from any offset, whatever follows them`, async (t) => {
    const bytes = Buffer.concat([Buffer.alloc(132, 7), pack(plain), Buffer.alloc(1000)]);
    const result = await inflate(bytes, { kind, offset: 132 });
    t.is(result.error, undefined);
    t.true(result.bytes.equals(plain));
  });

  test(`${kind} bytes cut anywhere give all that can be inflated, then ERR_TRUNCATED_INPUT`, async (t) => {
    const small = Buffer.from('the tide that waits for nobody, waits at the gate; '.repeat(9));
    const packed = pack(small);
    let lastBytes = 0;
    for (let cut = 0; cut < packed.length; cut++) {
      const { bytes, error } = await inflate(packed.subarray(0, cut), { kind });
      t.is(error?.code, 'ERR_TRUNCATED_INPUT', `cut at ${cut}`);
      t.is(error?.offset, cut);
      t.true(bytes.equals(small.subarray(0, bytes.length)));
      t.true(bytes.length >= lastBytes);
      lastBytes = bytes.length;
    }
    t.true(lastBytes > small.length / 2);
  });
}

test('all members of a gzip file come out, and zero padding ends it', async (t) => {
  const packed = Buffer.concat([gzipSync('one '), gzipSync(''), gzipSync(plain), gzipSync('end'), Buffer.alloc(512)]);
  const { bytes, error } = await inflate(packed, { kind: 'gzip' });
  t.is(error, undefined);
  t.true(bytes.equals(Buffer.concat([Buffer.from('one '), plain, Buffer.from('end')])));
});

test('a member that follows and is broken fails behind the one before it', async (t) => {
  const packed = Buffer.concat([gzipSync('whole'), Buffer.from([0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0])]);
  const { bytes, error } = await inflate(packed, { kind: 'gzip' });
  t.is(bytes.toString(), 'whole');
  t.is(error?.code, 'ERR_INFLATE');
  t.is(error?.offset, packed.length - 12);
});

test('gzip headers with extra field, name, comment and header checksum are passed over', async (t) => {
  const packed = gzipSync('body');
  const header = Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3]);
  const text = Buffer.from(`${'n'.repeat(5000)}\0comment\0`);
  const bytes = Buffer.concat([header, text, Buffer.from([9, 9]), packed.subarray(10)]);
  t.is((await inflate(bytes, { kind: 'gzip' })).bytes.toString(), 'body');
});

test('a wrong checksum is told after all bytes were given out', async (t) => {
  for (const [kind, pack, trailerBytes] of [
    ['gzip', gzipSync, 8],
    ['zlib', deflateSync, 4],
  ] as const) {
    const packed = pack(plain);
    packed[packed.length - trailerBytes]! ^= 1;
    const { bytes, error } = await inflate(packed, { kind });
    t.true(bytes.equals(plain));
    t.is(error?.code, 'ERR_CHECKSUM');
    t.is(error?.offset, packed.length - trailerBytes);
  }
});

/** RFC 1951 3.2.4: a block that is stored as it is. */
function storedBlock(bytes: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([head, bytes]);
}

test('a stream that ends where a piece of 16 KiB ends is over there, whatever follows', async (t) => {
  const part = randomBytes(16 * KiB - 5);
  const block = storedBlock(part);
  block[0] = 1; // RFC 1951 3.2.3: BFINAL
  for (const rest of [0, 1, 20_000]) {
    const { bytes, error } = await inflate(Buffer.concat([block, Buffer.alloc(rest, 7)]), { kind: 'deflate-raw' });
    t.is(error, undefined);
    t.true(bytes.equals(part));
  }
});

test('damaged bytes fail with ERR_INFLATE where the damage is, and with nothing but a prefix before it', async (t) => {
  const parts = [1, 2, 3, 4].map(() => randomBytes(60_000));
  const packed = Buffer.concat(parts.map(storedBlock));
  const damageOffset = 2 * 60_005 + 3; // the length's complement in the third block
  packed[damageOffset]! ^= 0xff;
  const { bytes, error } = await inflate(packed, { kind: 'deflate-raw' });
  t.is(error?.code, 'ERR_INFLATE');
  t.true(error!.offset! <= damageOffset && error!.offset! > damageOffset - 40, `${error?.offset}`);
  t.true(bytes.length >= 120_000 - 40);
  t.true(bytes.equals(Buffer.concat(parts).subarray(0, bytes.length)));
  // a pipe cannot begin again
  const pipe = openInput(Readable.from([packed], { objectMode: false })) as Input;
  const piped = await readAll(inflateInput(pipe, { kind: 'deflate-raw' }), 30_000);
  t.is(piped.error?.code, 'ERR_INFLATE');
  t.true(piped.bytes.length > 100_000);
  t.true(bytes.equals(Buffer.concat([piped.bytes, bytes.subarray(piped.bytes.length)])));
});

test('a member that is damaged behind others is inflated up to the damage', async (t) => {
  const stored = gzipSync(randomBytes(100_000), { level: 0 });
  const damageOffset = 10 + 5 + stored.readUInt16LE(11) + 3; // the complement of the second block's length
  stored[damageOffset]! ^= 0xff;
  const first = gzipSync(plain);
  const { bytes, error } = await inflate(Buffer.concat([first, stored]), {});
  t.is(error?.code, 'ERR_INFLATE');
  t.true(error!.offset! <= first.length + damageOffset && error!.offset! > first.length + damageOffset - 40);
  t.true(bytes.subarray(0, plain.length).equals(plain));
  t.true(bytes.length > plain.length + damageOffset - 60);
});

test('closing in the middle ends quietly, and no memory stays out', async (t) => {
  const packed = gzipSync(randomBytes(MiB));
  for (let turns = 0; turns < 30; turns++) {
    const pool = new BufferPool({ isDebug: true });
    const file = openFile(tempFile(t, packed), { pool });
    const input = inflateInput(file, { pool });
    const read = Promise.resolve(input.read(0, 2 * MiB)).then((chunk) => chunk.release());
    read.catch(() => {});
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    await input.close();
    await file.close();
    await Promise.race([read.catch(() => {}), delay(20)]);
    await until(() => pool.stats().inUse === 0);
  }
  t.pass();
});

test('a header without an end is a limit, not a hang', async (t) => {
  const header = Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]);
  const { error } = await inflate(Buffer.concat([header, Buffer.alloc(100_000, 'n')]), {});
  t.is(error?.code, 'ERR_LIMIT');
});

test('bytes that are none of the kind are refused with what was expected', async (t) => {
  for (const kind of ['gzip', 'zlib'] as const) {
    const { bytes, error } = await inflate(Buffer.from('plain text, and no more'), { kind });
    t.is(bytes.length, 0);
    t.is(error?.code, 'ERR_INFLATE');
    t.is(typeof error?.facts.expected, 'string');
  }
});

test('a bomb stops at the ratio, and a limit of bytes is exact', async (t) => {
  const bomb = gzipSync(Buffer.alloc(64 * MiB));
  const byRatio = await inflate(bomb, { maxInflateRatio: 50 });
  t.is(byRatio.error?.code, 'ERR_LIMIT');
  t.is(byRatio.error?.facts.limit, 'maxInflateRatio');
  t.true(byRatio.bytes.length < 4 * MiB);
  const byBytes = await inflate(bomb, { maxInflateBytes: 100_001, maxInflateRatio: Number.POSITIVE_INFINITY });
  t.is(byBytes.error?.facts.limit, 'maxInflateBytes');
  t.is(byBytes.bytes.length, 100_001);
  const exact = await inflate(gzipSync('12345'), { maxInflateBytes: 5 });
  t.is(exact.error, undefined);
});

test('wrong options are refused at the call', (t) => {
  const input = new MemoryInput(Buffer.alloc(1));
  t.throws(() => inflateInput(input, { offset: -1 }), { code: 'ERR_OPTION' });
  t.throws(() => inflateInput(input, { kind: 'zip' as 'gzip' }), { code: 'ERR_OPTION' });
});
