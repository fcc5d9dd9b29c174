import * as rx from 'rxjs';
import { drain } from '../../src/flow/index.ts';
import { counted, quiet, StallingSink, tally } from './sources.ts';

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** 0, 1 ... count - 1. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const collect = <T>(source: rx.Observable<T>): Promise<T[]> => rx.lastValueFrom(source.pipe(rx.toArray()));

/** How many values a stalled sink of mark 4 and the operator together let out of the source. */
export async function ranAhead(operator: rx.OperatorFunction<number, unknown>): Promise<number> {
  const seen = tally();
  const sink = new StallingSink<unknown>();
  const done = drain(counted('sync', 5000, seen).pipe(operator), sink.take, { highWaterMark: 4 });
  await quiet(() => seen.emitted);
  const { emitted } = seen;
  sink.release();
  await done;
  return emitted;
}
