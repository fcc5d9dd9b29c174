import { closeSync, mkdtempSync, openSync, rmSync, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FieldRecord } from '../src/records.ts';
import { toJsonLines } from '../src/sinks/to-json-lines.ts';
import { contest, printOutcomes } from './support/contest.ts';

// CPU of each sink for the same records, in batches of 1,000, against JSON.stringify and fs.write by hand.
const COUNT = 1_000_000;
const BATCH = 1000;

type Run = (path: string, batches: Iterable<FieldRecord[]>) => Promise<void>;

const RUNS: Record<string, Run> = {
  'JSON.stringify and fs.write': async (path, batches) => {
    const fd = openSync(path, 'w');
    for (const batch of batches) {
      let text = '';
      for (const record of batch) text += `${JSON.stringify(record)}\n`;
      await promisify(write)(fd, text);
    }
    closeSync(fd);
  },
  toJsonLines: (path, batches) => feed(toJsonLines(path), batches),
  'toJsonLines, gzip': (path, batches) => feed(toJsonLines(path, { gzip: true }), batches),
  'toJsonLines, gzip 6': (path, batches) => feed(toJsonLines(path, { gzip: 6 }), batches),
  'the records alone': async (_path, batches) => {
    for (const _ of batches);
  },
};

async function feed(sink: ReturnType<typeof toJsonLines>, batches: Iterable<FieldRecord[]>): Promise<void> {
  await sink.start!({ signal: new AbortController().signal });
  for (const batch of batches) await sink.write(batch);
  await sink.close!();
}

function* makeBatches(): Generator<FieldRecord[]> {
  for (let start = 0; start < COUNT; start += BATCH) {
    yield Array.from({ length: BATCH }, (_, i) => makeRecord(start + i));
  }
}

function makeRecord(i: number): FieldRecord {
  const seq = i % 250;
  const value = seq % 5 === 0 ? [seq * 0.5, 1.25, i] : seq % 3 === 0 ? i * 1.5 : `1.2.840.113619.2.55.3.6046.${i}`;
  const file = `archive/patient-${(i / 25_000) | 0}/series/image-${(i / 250) | 0}.dcm`;
  const path = `00081115[${seq & 7}]/0020000E`;
  const place = { offset: 1000 + seq * 70, length: 64 };
  const names = { path, key: '0020000E', name: 'SeriesInstanceUID', dtype: 'UI' };
  return { file, format: 'dicom', seq, kind: 'field', ...names, value, ...place };
}

const wanted = process.argv[2];
if (wanted !== undefined) {
  await RUNS[wanted]!(process.argv[3]!, makeBatches());
} else {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const self = fileURLToPath(import.meta.url);
  const contestants = Object.keys(RUNS).map((name, i) => ({
    name,
    command: [process.execPath, self, name, join(folder, `${i}.out`)],
  }));
  printOutcomes(`${COUNT} records into a file`, contest(contestants, 5));
  rmSync(folder, { recursive: true });
}
