import { Blob } from 'node:buffer';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import * as rx from 'rxjs';
import { drain, extract, fromBinary, fromDicom, MemoryInput } from '../../src/index.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { StallingSink, settled } from '../../src/testing/index.ts';
import { tempFile } from '../support/temp.ts';

/** A DICOM data set of `count` elements, explicit VR little endian, behind a preamble. */
function dicom(count: number): Buffer {
  const element = (group: number, number: number, value: string): Buffer => {
    const bytes = Buffer.from(value.length % 2 === 0 ? value : `${value} `, 'latin1');
    const head = Buffer.alloc(8);
    head.writeUInt16LE(group, 0);
    head.writeUInt16LE(number, 2);
    head.write('LO', 4, 'latin1');
    head.writeUInt16LE(bytes.length, 6);
    return Buffer.concat([head, bytes]);
  };
  const elements = Array.from({ length: count }, (_, i) => element(0x0009, 0x1000 + i, `value ${i}`));
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), ...elements]);
}

const collect = (source: rx.Observable<ExtractionRecord>): Promise<ExtractionRecord[]> =>
  rx.lastValueFrom(source.pipe(rx.toArray()));

/** What must be the same whatever the kind of input. */
const comparable = (records: readonly ExtractionRecord[]): unknown[] =>
  records.map(({ file: _, ...record }) =>
    record.kind === 'end' ? record.status : record.kind === 'file' ? '' : record,
  );

test('the same records come from a path, a Buffer, a Blob, an input and a pipe', async (t) => {
  const bytes = dicom(50);
  const path = await tempFile(t, bytes);
  const expected = comparable(await collect(extract(path)));
  t.is(expected.filter((record) => typeof record === 'object').length, 51, 'fifty fields, and an issue: no meta group');
  const sources = [
    bytes,
    new Blob([bytes]),
    new MemoryInput(bytes),
    Readable.from([bytes]),
    new Uint8Array(bytes).buffer,
  ];
  for (const source of sources) t.deepEqual(comparable(await collect(extract(source))), expected);
});

test('each subscription reads anew, and numbers its records without a gap', async (t) => {
  const source = extract(dicom(10));
  for (let i = 0; i < 2; i++) {
    const records = await collect(source);
    t.deepEqual(
      records.map((record) => record.seq),
      [...records.keys()],
    );
    t.like(records.at(0), { kind: 'file', format: 'dicom' });
    t.like(records.at(-1), { kind: 'end', status: 'ok', records: records.length });
  }
});

test('a stalled sink holds back the reads of the file', async (t) => {
  const bytes = dicom(60_000);
  const input = new MemoryInput(bytes);
  const sink = new StallingSink<ExtractionRecord>();
  const done = drain(extract(input), sink.take, { highWaterMark: 16 });
  await settled(() => input.bytesRead);
  t.true(input.bytesRead < bytes.length / 4, `${input.bytesRead} of ${bytes.length} bytes read`);
  sink.release();
  t.true((await done).items > 60_000);
});

test('a cut file is no error but an issue and a partial end', async (t) => {
  const records = await collect(fromDicom(dicom(10).subarray(0, -3)));
  t.like(records.at(-2), { kind: 'issue', severity: 'error', code: 'ERR_TRUNCATED_INPUT' });
  t.like(records.at(-1), { kind: 'end', status: 'partial' });
});

test('what cannot be opened is an error', async (t) => {
  await t.throwsAsync(
    drain(extract('no/such/file.dcm'), () => {}),
    { code: 'ERR_INPUT_OPEN' },
  );
  await t.throwsAsync(
    drain(extract(dicom(1), { format: 'nonsense' }), () => {}),
    { code: 'ERR_FORMAT_UNKNOWN' },
  );
});

test('options of a format are given by its name, or to its own source', async (t) => {
  const byName = await collect(extract(dicom(10), { dicom: { tags: ['00091003'] } }));
  const byOwn = await collect(fromDicom(dicom(10), { tags: ['00091003'] }));
  t.deepEqual(
    byName.filter((record) => record.kind === 'field').map((record) => record.path),
    ['00091003'],
  );
  t.deepEqual(comparable(byName), comparable(byOwn));
  const bytes = await collect(fromBinary(Buffer.from('abc'), { digests: ['sha256'] }));
  t.true(bytes.some((record) => record.kind === 'field' && record.path === 'format/sha256'));
});

test('leaving a source closes its input', async (t) => {
  let isClosed = false;
  const input = new (class extends MemoryInput {
    override close(): void {
      isClosed = true;
    }
  })(dicom(5000));
  await drain(extract(input).pipe(rx.take(3)), () => {});
  await settled(() => Number(isClosed));
  t.true(isClosed);
});

test('a gzip file of a format that does not inflate by itself is inflated on the way', async (t) => {
  // CDF-1 with one global attribute: numrecs 0, no dimensions, one attribute `title` of type char, no variables.
  const cdf = Buffer.from(
    '43444601000000000000000000000000' +
      '0000000c00000001' +
      '000000057469746c65000000' +
      '00000002000000026869000000000000' +
      '00000000',
    'hex',
  );
  const plain = await collect(extract(cdf));
  const packed = await collect(extract(gzipSync(cdf)));
  t.like(packed[0], { kind: 'file', size: gzipSync(cdf).length });
  t.true(plain.some((record) => record.kind === 'field' && record.path === '/@title' && record.value === 'hi'));
  const paths = (records: readonly ExtractionRecord[]) =>
    records.map((record) => ('path' in record ? record.path : record.kind));
  t.deepEqual(paths(packed), paths(plain));
  t.like(packed.at(-1), { kind: 'end', status: 'ok' });
});
