import test from 'ava';
import type { ExtractionRecord } from '../../../src/records.ts';
import { type Fact, randomFile } from './random-data-set.ts';
import { issuesOf, readBytes, statusOf } from './read-dicom.ts';

const RUNS = process.env.TIDEGATE_TEST_RUNS === 'ci' ? 2000 : 400;

function factsOf(records: readonly ExtractionRecord[]): Fact[] {
  const facts: Fact[] = [];
  for (const record of records) {
    if (record.kind === 'object') facts.push({ kind: 'object', path: record.path });
    if (record.kind !== 'field' || record.key.startsWith('0002')) continue;
    const { kind, path, dtype, value, bulk } = record;
    facts.push({ kind, path, dtype, value, ...(bulk && { bulk }) });
  }
  return facts;
}

test('random valid data sets say exactly what was written', async (t) => {
  let count = 0;
  for (let seed = 0; seed < RUNS; seed++) {
    const { bytes, facts } = randomFile(seed);
    const records = await readBytes(t, bytes);
    t.deepEqual(factsOf(records), facts, `seed ${seed}`);
    t.deepEqual([statusOf(records), issuesOf(records)], ['ok', []], `seed ${seed}`);
    count += facts.length;
  }
  t.log(`${RUNS} files, ${count} facts`);
});
