import { writeSync } from 'node:fs';
import { UnitSink } from '../../src/flow/unit-sink.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { KILL_TARGETS } from './kill-targets.ts';

// A run that is to be killed: 2,000 files, four side by side, into a sink that goes on. Says `started`, then how many
// files are committed, whenever that has changed; at the end how many it did not have to write.
/** Files of one run. */
export const FILES = 2000;
/** Records of one file. */
export const RECORDS = 6;

const [target = '', place = ''] = process.argv.slice(2);

function recordsOf(file: string): ExtractionRecord[] {
  const base = { file, format: 'netcdf' };
  const names = { path: '/a@b', key: 'b', name: 'b', dtype: 'char' };
  const fields = Array.from({ length: RECORDS - 2 }, (_, i) => ({ value: `value ${i} of this file `.repeat(10) }));
  return [
    { ...base, seq: 0, kind: 'file', size: 10, mediaType: 'application/netcdf' },
    ...fields.map(({ value }, i) => ({ ...base, seq: i + 1, kind: 'field' as const, ...names, value })),
    { ...base, seq: RECORDS - 1, kind: 'end', status: 'ok', records: RECORDS, bytesRead: 10, elapsedMs: 1 },
  ];
}

if (target !== '') {
  const sink = KILL_TARGETS[target]!.open(place);
  let known = 0;
  let committed = 0;
  const { commit } = sink;
  sink.commit = async (units) => {
    await commit!.call(sink, units);
    committed += units.length;
    writeSync(1, `committed ${known + committed}\n`);
  };
  const units = new UnitSink(sink);
  await units.start({ signal: new AbortController().signal });
  writeSync(1, 'started\n');
  for (let i = 0; i < FILES; i += 4) {
    const lanes: ExtractionRecord[][] = [];
    for (const file of [i, i + 1, i + 2, i + 3].map((number) => `f${number}`)) {
      if ((await units.begin({ file, identity: '10 1 1' })) === 'committed') known++;
      else lanes.push(recordsOf(file));
    }
    while (lanes.some((lane) => lane.length > 0)) {
      await units.write(lanes.flatMap((lane) => lane.splice(0, 1 + Math.floor(Math.random() * 4))));
    }
  }
  await units.close();
  writeSync(1, `known ${known}\n`);
  process.exit(0);
}
