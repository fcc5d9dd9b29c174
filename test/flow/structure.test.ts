import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { isStructural, setStructural } from '../../src/flow/structure.ts';
import { mergeMap } from '../../src/operators/index.ts';
import { counted, quiet, StallingSink, tally } from '../support/sources.ts';

test.serial('this rxjs passes the self-test', (t) => {
  t.true(isStructural());
});

test.serial('without the chain of subscribers, scope and emission still bind the sources', async (t) => {
  setStructural(false);
  t.teardown(() => setStructural(undefined));
  const builds: ((s: rx.Observable<number>) => rx.Observable<number>)[] = [
    (s) => s.pipe(rx.map((x) => x)),
    (s) => rx.merge(s, s),
    (s) => s.pipe(rx.share()),
    (s) => rx.timer(1).pipe(rx.switchMap(() => s)),
    (s) => rx.of(1, 2).pipe(mergeMap(() => s, 2)),
  ];
  for (const build of builds) {
    const seen = tally();
    const sink = new StallingSink<number>();
    const done = drain(build(counted('sync', 500, seen)), sink.take, { highWaterMark: 16 });
    await quiet(() => seen.emitted);
    t.true(seen.emitted <= 16, `${build}: ${seen.emitted}`);
    sink.release();
    t.true((await done).items >= 500);
  }
});

test.serial('a second copy of rxjs in node_modules does no harm', async (t) => {
  const require = createRequire(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-rxjs-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  cpSync(dirname(require.resolve('rxjs/package.json')), join(folder, 'rxjs'), { recursive: true });
  cpSync(dirname(require.resolve('tslib/package.json')), join(folder, 'node_modules', 'tslib'), { recursive: true });
  const other = require(join(folder, 'rxjs')) as typeof rx;
  t.not(other.Observable, rx.Observable as unknown as typeof other.Observable);

  const builds: ((s: rx.Observable<number>) => rx.Observable<number>)[] = [
    (s) => s.pipe(other.map((x: number) => x)),
    (s) => other.merge(s, s),
    (s) => other.of(1, 2).pipe(other.concatMap(() => s)),
    (s) =>
      s.pipe(
        other.share(),
        mergeMap((x) => other.of(x), 2),
      ),
    (s) =>
      s.pipe(
        other.bufferCount(1),
        rx.map(([x]) => x!),
      ),
  ];
  for (const build of builds) {
    const seen = tally();
    const sink = new StallingSink<number>();
    const done = drain(build(counted('async', 500, seen)), sink.take, { highWaterMark: 16 });
    await quiet(() => seen.emitted);
    t.true(seen.emitted <= 18, `${build}: ${seen.emitted}`);
    sink.release();
    t.true((await done).items >= 500);
  }
});
