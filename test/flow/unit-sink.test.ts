import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { Subject } from 'rxjs';
import { drain } from '../../src/flow/drain.ts';
import { from } from '../../src/flow/from.ts';
import type { Sink, SinkUnit } from '../../src/flow/sink.ts';
import { UnitSink } from '../../src/flow/unit-sink.ts';
import type { ExtractionRecord } from '../../src/records.ts';
import { fileRecords } from '../sinks/records.ts';
import { until } from '../support/until.ts';

/** A sink that notes what it is told, and fails if it is told two things at once. */
class Notebook implements Sink<ExtractionRecord> {
  readonly calls: string[] = [];
  readonly known: readonly string[];
  readonly commitMs: number;
  #isBusy = false;

  constructor(known: readonly string[] = [], commitMs = 0) {
    this.known = known;
    this.commitMs = commitMs;
  }

  start = () => this.#note('start');
  begin = async (unit: SinkUnit) => {
    await this.#note(`begin ${unit.file} ${unit.identity}`.trimEnd());
    return this.known.includes(unit.file) ? ('committed' as const) : ('write' as const);
  };
  write = (batch: readonly ExtractionRecord[]) =>
    this.#note(`write ${batch.map(({ file, seq }) => file + seq).join(' ')}`);
  commit = (units: readonly SinkUnit[]) => this.#note(`commit ${units.map(({ file }) => file).join(' ')}`);
  close = () => this.#note('close');
  abort = () => void this.calls.push('abort');

  async #note(call: string): Promise<void> {
    if (this.#isBusy) throw new Error(`${call} while another call is under way`);
    this.#isBusy = true;
    await delay(1);
    this.calls.push(call);
    this.#isBusy = false;
  }
}

const unit = (file: string): SinkUnit => ({ file, identity: '10 1 1' });
const start = (sink: UnitSink) => sink.start({ signal: new AbortController().signal });

test('drain begins a file at its first record and commits it behind its last', async (t) => {
  const sink = new Notebook();
  const [a, b] = [fileRecords('a', []), fileRecords('b', [])];
  await drain(from([...a, ...b]), sink, { highWaterMark: 1 });
  t.deepEqual(sink.calls.slice(0, 4), ['start', 'begin a 10 2024-02-29T00:00:00.000Z', 'write a0', 'write a1']);
  t.deepEqual(sink.calls.slice(4, 6), ['write a2', 'commit a']);
  t.deepEqual(sink.calls.slice(-3), ['write b2', 'commit b', 'close']);
});

test('files that the sink has already are not written again', async (t) => {
  const sink = new Notebook(['a']);
  const lanes = fileRecords('a', [1]).flatMap((record, i) => [record, fileRecords('b', [1])[i]!]);
  await drain(from(lanes), sink, { highWaterMark: 100 });
  t.deepEqual(
    sink.calls.filter((call) => !call.startsWith('begin')),
    ['start', 'write b0 b1 b2 b3', 'commit b', 'close'],
  );
});

test('who asks before reading is told what is committed, and what is begun in this run', async (t) => {
  const notes = new Notebook(['old'], 60_000);
  const sink = new UnitSink(notes);
  const asked = sink.begin(unit('old'));
  await start(sink);
  t.is(await asked, 'committed');
  t.is(await sink.begin(unit('new')), 'write');
  t.is(await sink.begin(unit('new')), 'committed');
  await sink.write(fileRecords('new', []));
  t.is(await sink.begin(unit('new')), 'committed');
  await sink.close();
  t.deepEqual(notes.calls, [
    'start',
    'begin old 10 1 1',
    'begin new 10 1 1',
    'write new0 new1 new2',
    'commit new',
    'close',
  ]);
});

test('calls into the sink wait for each other', async (t) => {
  const notes = new Notebook();
  const sink = new UnitSink(notes);
  const begins = ['a', 'b', 'c'].map((file) => sink.begin(unit(file)));
  await start(sink);
  await Promise.all([...begins, sink.write(fileRecords('a', [])), sink.begin(unit('d')), sink.write([])]);
  await sink.close();
  t.is(notes.calls.at(-1), 'close');
  await t.throwsAsync(sink.begin(unit('e')), { code: 'ERR_SINK' });
});

test('units that end soon after one another are committed together, also when the source is silent', async (t) => {
  const notes = new Notebook([], 50);
  const sink = new UnitSink(notes);
  await start(sink);
  await sink.write(fileRecords('a', []));
  await sink.write(fileRecords('b', []));
  await until(() => notes.calls.includes('commit a b'));
  await sink.write(fileRecords('c', []));
  await sink.close();
  t.deepEqual(notes.calls.slice(-2), ['commit c', 'close']);
});

test('a commit that fails between two writes ends the run', async (t) => {
  const notes = new Notebook([], 1);
  notes.commit = () => Promise.reject(new Error('disk full'));
  const source = new Subject<ExtractionRecord>();
  const run = drain(source, notes);
  for (const record of fileRecords('a', [])) source.next(record);
  await t.throwsAsync(run, { message: 'disk full' });
  t.is(notes.calls.at(-1), 'abort');
});

test('a file that the end of the run cut short does not end in the sink if it was asked for, and is if it was not', async (t) => {
  const cut = fileRecords('a', []);
  const facts = { code: 'ERR_ABORTED', severity: 'error', message: 'interrupted' } as const;
  cut.splice(2, 0, { file: 'a', format: 'netcdf', seq: 2, kind: 'issue', ...facts });
  for (const isAsked of [true, false]) {
    const notes = new Notebook();
    const sink = new UnitSink(notes);
    await start(sink);
    if (isAsked) await sink.begin(unit('a'));
    await sink.write(cut);
    await sink.close();
    t.is(notes.calls.includes('commit a'), !isAsked);
    t.true(notes.calls.includes(isAsked ? 'write a0 a1' : 'write a0 a1 a2 a2'));
  }
});

test('a sink that cannot start fails who asks, and so does a run that is cancelled before', async (t) => {
  const notes = new Notebook();
  notes.start = () => Promise.reject(new Error('no such server'));
  const sink = new UnitSink(notes);
  const asked = sink.begin(unit('a'));
  await t.throwsAsync(start(sink), { message: 'no such server' });
  await t.throwsAsync(asked, { message: 'no such server' });
  const other = new UnitSink(new Notebook());
  const waiting = other.begin(unit('a'));
  await other.abort(new Error('cancelled'));
  await t.throwsAsync(waiting, { message: 'cancelled' });
});
