import { pipeline, Readable, Transform, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { Effect, Stream } from 'effect';
import highland from 'highland';
import { from as ixFrom } from 'ix/asynciterable';
import { filter as ixFilter, map as ixMap } from 'ix/asynciterable/operators';
import { filter, lastValueFrom, map, Observable, reduce, from as rxFrom } from 'rxjs';
import * as si from 'streaming-iterables';
import { drain, fromPull } from '../../src/flow/index.ts';
import { backpressure, mapAsync } from '../../src/operators/index.ts';

/** Runs `count` numbers, given in arrays of `batch`, through map, filter, map and a sum. Answers the sum. */
export type Engine = (count: number, batch: number) => Promise<number>;

/** The source of all engines: an asynchronous one, that gives arrays. */
async function* batches(count: number, batch: number): AsyncGenerator<number[]> {
  for (let start = 0; start < count; start += batch) {
    const values = new Array<number>(Math.min(batch, count - start));
    for (let i = 0; i < values.length; i++) values[i] = start + i;
    yield values;
  }
}

const double = (x: number): number => x * 2;
const isKept = (x: number): boolean => x % 3 !== 0;
const half = (x: number): number => x / 2;

async function* flat(source: AsyncIterable<readonly number[]>): AsyncGenerator<number> {
  for await (const values of source) yield* values;
}

async function* asyncMap(source: AsyncIterable<number>, fn: (x: number) => number): AsyncGenerator<number> {
  for await (const value of source) yield fn(value);
}

async function* asyncFilter(source: AsyncIterable<number>, fn: (x: number) => boolean): AsyncGenerator<number> {
  for await (const value of source) if (fn(value)) yield value;
}

async function sumOf(source: AsyncIterable<number>): Promise<number> {
  let sum = 0;
  for await (const value of source) sum += value;
  return sum;
}

function transform(fn: (x: number, push: (x: number) => void) => void): Transform {
  return new Transform({
    objectMode: true,
    transform(value: number, _, callback) {
      fn(value, (x) => this.push(x));
      callback();
    },
  });
}

/** Pushes the elements of each array until the stream is full: no async generator in between. */
function readable(source: AsyncGenerator<number[]>): Readable {
  let values: number[] = [];
  let index = 0;
  return new Readable({
    objectMode: true,
    read() {
      while (index < values.length) if (!this.push(values[index++])) return;
      source.next().then(({ value, done }) => {
        if (done) return void this.push(null);
        values = value;
        index = 0;
        this._read(0);
      });
    },
  });
}

async function tidegate(source: Observable<number>): Promise<number> {
  let sum = 0;
  await drain(source, (value) => {
    sum += value;
  });
  return sum;
}

const gated = (count: number, batch: number): Observable<number> =>
  fromPull(() => batches(count, batch), { flatten: true }).pipe(map(double), filter(isKept), map(half));

/** Every engine by its name; the first one is what the others are compared with. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  'raw rxjs, no backpressure': (count, batch) => {
    const source = new Observable<number>((subscriber) => {
      const run = async () => {
        for await (const values of batches(count, batch)) {
          for (let i = 0; i < values.length && !subscriber.closed; i++) subscriber.next(values[i]!);
        }
        subscriber.complete();
      };
      run().catch((error) => subscriber.error(error));
    });
    return lastValueFrom(
      source.pipe(
        map(double),
        filter(isKept),
        map(half),
        reduce((a, b) => a + b, 0),
      ),
    );
  },
  tidegate: (count, batch) => tidegate(gated(count, batch)),
  'tidegate, arrays as items': (count, batch) => {
    const arrays = fromPull(() => batches(count, batch)).pipe(
      map((values) => values.map(double)),
      map((values) => values.filter(isKept)),
      map((values) => values.map(half)),
      map((values) => values.reduce((a, b) => a + b, 0)),
    );
    return tidegate(arrays);
  },
  'tidegate and a backpressure() stage': (count, batch) => tidegate(gated(count, batch).pipe(backpressure())),
  'rxjs from(async iterable), no backpressure': (count, batch) =>
    lastValueFrom(
      rxFrom(flat(batches(count, batch))).pipe(
        map(double),
        filter(isKept),
        map(half),
        reduce((a, b) => a + b, 0),
      ),
    ),
  'Node stream.pipeline': async (count, batch) => {
    let sum = 0;
    const sink = new Writable({
      objectMode: true,
      write(value: number, _, callback) {
        sum += value;
        callback();
      },
    });
    const stages = [
      readable(batches(count, batch)),
      transform((x, push) => push(double(x))),
      transform((x, push) => isKept(x) && push(x)),
      transform((x, push) => push(half(x))),
      sink,
    ];
    await promisify(pipeline)(stages as never);
    return sum;
  },
  'Node Readable.map and filter': (count, batch) =>
    sumOf(readable(batches(count, batch)).map(double).filter(isKept).map(half)),
  'async generators': (count, batch) =>
    sumOf(asyncMap(asyncFilter(asyncMap(flat(batches(count, batch)), double), isKept), half)),
  IxJS: (count, batch) => sumOf(ixFrom(flat(batches(count, batch))).pipe(ixMap(double), ixFilter(isKept), ixMap(half))),
  'streaming-iterables': (count, batch) =>
    sumOf(si.map(half, si.filter(isKept, si.map(double, si.flatten(batches(count, batch)) as AsyncIterable<number>)))),
  highland: (count, batch) => {
    const source = batches(count, batch);
    const stream = highland<number[]>((push, next) => {
      source.next().then(({ value, done }) => {
        push(null, done ? (highland.nil as never) : value);
        if (!done) next();
      });
    });
    return stream
      .sequence<number>()
      .map(double)
      .filter(isKept)
      .map(half)
      .reduce(0, (a, b) => a + b)
      .toPromise(Promise);
  },
  'Effect Stream': (count, batch) => {
    const stream = Stream.fromAsyncIterable(batches(count, batch), (error) => error).pipe(
      Stream.flatMap((values) => Stream.fromIterable(values)),
      Stream.map(double),
      Stream.filter(isKept),
      Stream.map(half),
      Stream.runFold(
        () => 0,
        (a: number, b: number) => a + b,
      ),
    );
    return Effect.runPromise(stream as never);
  },
  'Web streams': async (count, batch) => {
    const source = flat(batches(count, batch));
    const web = new ReadableStream<number>({
      async pull(controller) {
        const { value, done } = await source.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    const through = (fn: (x: number, c: TransformStreamDefaultController<number>) => void) =>
      new TransformStream<number, number>({ transform: fn });
    const out = web
      .pipeThrough(through((x, c) => c.enqueue(double(x))))
      .pipeThrough(through((x, c) => isKept(x) && c.enqueue(x)))
      .pipeThrough(through((x, c) => c.enqueue(half(x))));
    return sumOf(out as unknown as AsyncIterable<number>);
  },
  'tidegate mapAsync, asynchronous function': (count) => {
    const source = fromPull(() => numbers(count)).pipe(mapAsync(async (x) => x));
    return tidegate(source);
  },
  'tidegate mapAsync, synchronous function': (count) =>
    tidegate(fromPull(() => numbers(count)).pipe(mapAsync((x) => x))),
  'tidegate without mapAsync': (count) => tidegate(fromPull(() => numbers(count))),
};

function* numbers(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}
