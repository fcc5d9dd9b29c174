import { EventEmitter } from 'node:events';
import test from 'ava';
import * as rx from 'rxjs';
import { asapScheduler, type Observable, Subject } from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import * as gated from '../../src/operators/index.ts';
import { counted, quiet, SOURCE_KINDS, type SourceKind, StallingSink, tally } from '../support/sources.ts';

const MARK = 16;
const COUNT = 2000;

type Make = (kind: SourceKind, count: number) => Observable<number>;
interface Composition {
  /** Builds the pipeline; `source` counts what it emits. */
  readonly build: (source: Make, kind: SourceKind) => Observable<unknown>;
  /** Values that come out of `COUNT` source values. */
  readonly expected?: number;
  /** Source values that one value behind is made of. */
  readonly perItem?: number;
}

const all = (build: Composition['build'], expected?: number, perItem?: number): Composition => ({
  build,
  ...(expected !== undefined && { expected }),
  ...(perItem !== undefined && { perItem }),
});

/** A hand-written operator, as users write them: no Subscriber chain to walk. */
const custom = <T>(source: Observable<T>): Observable<T> =>
  new rx.Observable<T>((subscriber) =>
    source.subscribe({
      next: (value) => subscriber.next(value),
      error: (error) => subscriber.error(error),
      complete: () => subscriber.complete(),
    }),
  );

const relay = (source: Observable<number>): Observable<number> =>
  new rx.Observable((subscriber) => {
    const subject = new Subject<number>();
    subject.subscribe(subscriber);
    return source.subscribe(subject);
  });

const emitterRelay = (source: Observable<number>): Observable<number> =>
  new rx.Observable((subscriber) => {
    const emitter = new EventEmitter();
    const listen = (value: number) => subscriber.next(value);
    emitter.on('value', listen);
    return source.subscribe({
      next: (value) => void emitter.emit('value', value),
      complete: () => subscriber.complete(),
    });
  });

const COMPOSITIONS: Readonly<Record<string, Composition>> = {
  plain: all((s, k) => s(k, COUNT)),
  map: all((s, k) => s(k, COUNT).pipe(rx.map((x) => x + 1))),
  filter: all((s, k) => s(k, COUNT).pipe(rx.filter(() => true))),
  scan: all((s, k) => s(k, COUNT).pipe(rx.scan((a, b) => a + b, 0))),
  tap: all((s, k) => s(k, COUNT).pipe(rx.tap(() => {}))),
  take: all((s, k) => s(k, COUNT + 100).pipe(rx.take(COUNT))),
  takeWhile: all((s, k) => s(k, COUNT + 100).pipe(rx.takeWhile((x) => x < COUNT))),
  skip: all((s, k) => s(k, COUNT).pipe(rx.skip(0))),
  pairwise: all((s, k) => s(k, COUNT).pipe(rx.pairwise()), COUNT - 1, 2),
  distinct: all((s, k) => s(k, COUNT).pipe(rx.distinctUntilChanged())),
  materialize: all((s, k) => s(k, COUNT).pipe(rx.materialize()), COUNT + 1),
  dematerialize: all((s, k) => s(k, COUNT).pipe(rx.materialize(), rx.dematerialize())),
  timestamp: all((s, k) => s(k, COUNT).pipe(rx.timestamp())),
  startWith: all((s, k) => s(k, COUNT).pipe(rx.startWith(-1)), COUNT + 1),
  endWith: all((s, k) => s(k, COUNT).pipe(rx.endWith(-1)), COUNT + 1),
  withLatestFrom: all((s, k) => s(k, COUNT).pipe(rx.withLatestFrom(rx.of(1)))),
  timeout: all((s, k) => s(k, COUNT).pipe(rx.timeout({ first: 60_000 }))),
  race: all((s, k) => rx.race(s(k, COUNT), rx.NEVER)),
  catchError: all((s, k) => rx.throwError(() => 0).pipe(rx.catchError(() => s(k, COUNT)))),
  retry: all((s, k) => s(k, COUNT).pipe(rx.retry(2))),
  retryDelay: all((s, k) => {
    let tries = 0;
    const source = rx.defer(() => (tries++ === 0 ? rx.throwError(() => 0) : s(k, COUNT)));
    return source.pipe(rx.retry({ count: 1, delay: 1 }));
  }),
  repeat: all((s, k) => s(k, COUNT / 2).pipe(rx.repeat(2))),
  finalize: all((s, k) => s(k, COUNT).pipe(rx.finalize(() => {}))),
  merge: all((s, k) => rx.merge(s(k, COUNT / 2), s(k, COUNT / 2))),
  mergeWith: all((s, k) => s(k, COUNT / 2).pipe(rx.mergeWith(s(k, COUNT / 2)))),
  concat: all((s, k) => rx.concat(s(k, COUNT / 2), s(k, COUNT / 2))),
  concatWith: all((s, k) => s(k, COUNT / 2).pipe(rx.concatWith(s(k, COUNT / 2)))),
  defer: all((s, k) => rx.defer(() => s(k, COUNT))),
  deferAsync: all((s, k) => rx.defer(async () => 1).pipe(rx.switchMap(() => s(k, COUNT)))),
  timerSwitchMap: all((s, k) => rx.timer(1).pipe(rx.switchMap(() => s(k, COUNT)))),
  concatMapOne: all((s, k) => rx.of(1).pipe(rx.concatMap(() => s(k, COUNT)))),
  concatMapFew: all((s, k) => rx.of(1, 2).pipe(rx.concatMap(() => s(k, COUNT / 2)))),
  mergeMapFew: all((s, k) => rx.of(1, 2).pipe(rx.mergeMap(() => s(k, COUNT / 2)))),
  exhaustMap: all((s, k) => rx.of(1).pipe(rx.exhaustMap(() => s(k, COUNT)))),
  subscribeOn: all((s, k) => s(k, COUNT).pipe(rx.subscribeOn(asapScheduler))),
  share: all((s, k) => s(k, COUNT).pipe(rx.share())),
  shareTwo: all((s, k) => {
    const shared = s(k, COUNT).pipe(rx.share());
    return rx.merge(shared, shared.pipe(rx.ignoreElements()));
  }),
  shareReplay: all((s, k) => s(k, COUNT).pipe(rx.shareReplay({ bufferSize: 1, refCount: true }))),
  connect: all((s, k) => s(k, COUNT).pipe(rx.connect((shared) => shared.pipe(rx.map((x) => x))))),
  subject: all((s, k) => relay(s(k, COUNT))),
  eventEmitter: all((s, k) => emitterRelay(s(k, COUNT))),
  custom: all((s, k) => custom(s(k, COUNT))),
  customTwice: all((s, k) => custom(custom(s(k, COUNT)).pipe(rx.map((x) => x)))),
  concatMapOf: all((s, k) => s(k, COUNT).pipe(rx.concatMap((x) => rx.of(x)))),
  mergeMapOf: all((s, k) => s(k, COUNT).pipe(rx.mergeMap((x) => [x]))),
  switchMapOf: all((s, k) => s(k, COUNT).pipe(rx.switchMap((x) => rx.of(x)))),
  bufferCount: all((s, k) => s(k, COUNT).pipe(rx.bufferCount(10)), COUNT / 10, 10),
  windowCount: all((s, k) => s(k, COUNT).pipe(rx.windowCount(10), rx.mergeAll())),
  ourMergeMap: all((s, k) => gatedOf(2).pipe(gated.mergeMap(() => s(k, COUNT / 2), 2))),
  ourConcatMap: all((s, k) => gatedOf(2).pipe(gated.concatMap(() => s(k, COUNT / 2)))),
  ourGroupBy: all((s, k) =>
    s(k, COUNT).pipe(
      gated.groupBy((x) => x % 3),
      gated.mergeMap((group) => group, 3),
    ),
  ),
  ourBatch: all((s, k) => s(k, COUNT).pipe(gated.batch({ count: 10 })), COUNT / 10, 10),
  ourProgress: all((s, k) => s(k, COUNT).pipe(gated.progress(() => {}))),
  ourIdleTimeout: all((s, k) => s(k, COUNT).pipe(gated.idleTimeout(60_000))),
};

const gatedOf = (count: number): Observable<number> => counted('sync', count);

for (const [name, composition] of Object.entries(COMPOSITIONS)) {
  for (const kind of SOURCE_KINDS) {
    test(`${name}: a stalled sink holds a ${kind} source, then everything arrives`, async (t) => {
      const seen = tally();
      const sink = new StallingSink<unknown>();
      const pipeline = composition.build((k, count) => counted(k, count, seen), kind);
      const done = drain(pipeline, sink.take, { highWaterMark: MARK });
      await quiet(() => seen.emitted);
      const bound = MARK * (composition.perItem ?? 1);
      t.true(seen.emitted <= bound, `${seen.emitted} emitted, ${bound} allowed`);
      // A source may hold one value that it has pulled and must not emit.
      t.true(seen.pulled - seen.emitted <= seen.opened - seen.closed, `${seen.pulled - seen.emitted} pulled ahead`);
      sink.release();
      await done;
      t.is(sink.values.length, composition.expected ?? COUNT);
      t.is(seen.opened, seen.closed);
    });
  }
}
