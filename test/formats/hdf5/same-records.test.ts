import test from 'ava';
import fc from 'fast-check';
import type { File } from 'h5wasm';
import type { ExtractionRecord } from '../../../src/records.ts';
import { runs } from '../../support/runs.ts';
import { CHUNK_BYTES, everyInput } from './every-input.ts';
import { endOf, h5File, recordsOf } from './h5-file.ts';

interface Wanted {
  readonly libver: 'earliest' | 'v110' | 'latest';
  readonly groupCount: number;
  readonly datasets: readonly { length: number; chunk: number; compression: number; text: string }[];
  /** Bytes that are missing at the end, in parts of a thousand. */
  readonly cut: number;
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  libver: fc.constantFrom('earliest' as const, 'v110' as const, 'latest' as const),
  groupCount: fc.integer({ min: 0, max: 12 }),
  datasets: fc.array(
    fc.record({
      length: fc.integer({ min: 1, max: 9000 }),
      chunk: fc.integer({ min: 0, max: 3000 }),
      compression: fc.integer({ min: 0, max: 9 }),
      text: fc.string({ maxLength: 200 }),
    }),
    { maxLength: 6 },
  ),
  cut: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 999 })),
});

function build(file: File, { groupCount, datasets }: Wanted): void {
  for (let index = 0; index < groupCount; index++) file.create_group(`group ${index}`);
  for (const [index, { length, chunk, compression, text }] of datasets.entries()) {
    const data = Float32Array.from({ length }, (_, at) => (at * (index + 3)) % 1000);
    const chunks = chunk > 0 ? { chunks: [Math.min(chunk, length)], compression } : {};
    const parent = groupCount > 0 ? `group ${index % groupCount}/` : '';
    const dataset = file.create_dataset({ name: `${parent}data ${index}`, data, ...chunks })!;
    dataset.create_attribute('text', text);
    dataset.create_attribute('range', new Int16Array([index, length]));
  }
}

/** Records without what tells one kind of input from another. */
function comparable(records: readonly ExtractionRecord[]): unknown[] {
  return records.map((record) => {
    if (record.kind === 'file') return { mediaType: record.mediaType };
    if (record.kind === 'end') return { status: record.status, records: record.records };
    return { ...record, file: '' };
  });
}

test('the records are the same from a path, a Buffer, a Blob, HTTP ranges and a pipe, in chunks of any size', async (t) => {
  const property = fc.asyncProperty(wanted, async (content) => {
    const whole = await h5File((file) => build(file, content), content.libver);
    const bytes = whole.subarray(0, whole.length - Math.floor((whole.length * content.cut) / 1000));
    const expected = await recordsOf(bytes, { slices: { values: true } });
    if (content.cut === 0) t.is(endOf(expected).status, 'ok');
    for (const [name, open] of Object.entries(await everyInput(t, bytes))) {
      for (const cacheBytes of name.startsWith('pipe') ? [undefined] : CHUNK_BYTES) {
        const input = await open();
        const records = await recordsOf(input, { slices: { values: true }, cacheBytes });
        t.deepEqual(comparable(records), comparable(expected), `${name}, ${cacheBytes}`);
        await input.close();
      }
    }
  });
  await fc.assert(property, { numRuns: runs(30) });
});

test('a pipe longer than may be kept in memory is a clear error', async (t) => {
  const bytes = await h5File((file) => file.create_dataset({ name: 'd', data: new Float64Array(1000) }));
  for (const [name, open] of Object.entries(await everyInput(t, bytes))) {
    const input = await open();
    const records = await recordsOf(input, { maxBufferedBytes: 4000 });
    const issue = records.find((record) => record.kind === 'issue');
    if (!name.startsWith('pipe')) t.is(issue, undefined, name);
    else {
      t.like(issue, { code: 'ERR_NOT_SEEKABLE', severity: 'error' }, name);
      t.regex(issue!.message, /pipe.*maxBufferedBytes.*give a file, a Blob or a URL/);
      t.is(endOf(records).status, 'failed');
    }
    await input.close();
  }
});
