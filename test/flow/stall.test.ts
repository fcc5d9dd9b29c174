import { once } from 'node:events';
import test from 'ava';
import { drain, onStall, type StallReport, waitGraph } from '../../src/flow/index.ts';
import { mergeMap } from '../../src/operators/index.ts';
import { sleep } from '../support/flow.ts';
import { counted, StallingSink } from '../support/sources.ts';

test.serial('a stall is reported once, as a graph of who waits for what', async (t) => {
  const reports: StallReport[] = [];
  onStall({ afterMs: 30, report: (report) => reports.push(report) });
  t.teardown(() => onStall({}));
  const sink = new StallingSink<number>();
  const inner = () => counted('sync', 100, undefined, { label: 'dicom a.dcm' });
  const files = counted('sync', 9, undefined, { label: 'files' }).pipe(mergeMap(inner, 4));
  const done = drain(files, sink.take, { highWaterMark: 16 });
  await sleep(150);
  t.is(reports.length, 1);
  const { lines, idleMs } = reports[0]!;
  t.true(idleMs >= 30);
  t.true(lines.includes('dicom a.dcm waits for sink 16/16 items (4 of them)'), lines.join('\n'));
  t.true(lines.includes('files waits for mergeMap 4/4 items, which waits for sink 16/16 items'), lines.join('\n'));
  t.deepEqual(waitGraph(), lines);
  sink.release();
  await done;
  t.deepEqual(waitGraph(), []);
});

test.serial('a run that merely takes long is no stall', async (t) => {
  const reports: StallReport[] = [];
  onStall({ afterMs: 40, report: (report) => reports.push(report) });
  t.teardown(() => onStall({}));
  await drain(counted('async', 12), () => sleep(10), { highWaterMark: 2 });
  t.deepEqual(reports, []);
});

test.serial('without a listener a stall is a process warning', async (t) => {
  onStall({ afterMs: 20 });
  t.teardown(() => onStall({}));
  const sink = new StallingSink<number>();
  const warning = once(process, 'warning');
  // The clock of the report keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  const done = drain(counted('sync', 100), sink.take, { highWaterMark: 2, label: 'table' });
  const [{ code, message }] = await warning;
  t.is(code, 'TIDEGATE_STALL');
  t.regex(message, /sync waits for table 2\/2 items/);
  sink.release();
  await done;
});
