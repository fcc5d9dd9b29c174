import { Duplex, type DuplexOptions } from 'node:stream';
import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { Producer } from '../producer.ts';
import { iterate } from './to-async-iterable.ts';

/**
 * Operators as a Node Duplex, to stand in a `stream.pipeline`: what is written goes through them and can be read.
 *
 * - Emits: what the operators make of the written values.
 * - Waits: a write is answered when the operators have room for the next; they wait while the Duplex is not read.
 * - Holds: `highWaterMark` values (default 16) on either side, and what the operators hold.
 * - Fails: is destroyed with an error of the operators; destroying it unsubscribes them.
 *
 * @example
 * ```ts
 * await pipeline(createReadStream('big.bin'), toDuplex(map((chunk: Buffer) => chunk.subarray(0, 1))), process.stdout);
 * ```
 */
export function toDuplex<T, R>(operators: OperatorFunction<T, R>, options: DuplexOptions = {}): Duplex {
  let subscriber: Subscriber<T> | undefined;
  let producer: Producer<T> | undefined;
  const source = new Observable<T>((s) => {
    subscriber = s;
    producer = new Producer<T>('duplex', s);
  });
  const iterator = iterate(source.pipe(operators), { highWaterMark: 1 });
  let isReading = false;
  const duplex = new Duplex({
    objectMode: true,
    highWaterMark: 16,
    ...options,
    write(value: T, _encoding, callback) {
      // Operators that took all they want (take) have left: what is written now has no reader.
      if (subscriber!.closed) return callback();
      producer!.next(value);
      if (producer!.isOpen) callback();
      else producer!.whenOpen(callback);
    },
    final(callback) {
      subscriber!.complete();
      callback();
    },
    read() {
      if (isReading) return;
      isReading = true;
      void pull();
    },
    destroy(error, callback) {
      iterator.return().then(() => callback(error), callback);
    },
  });
  const pull = async (): Promise<void> => {
    try {
      for (;;) {
        const { value, done } = await iterator.next();
        if (duplex.destroyed) return;
        if (done) return void duplex.push(null);
        if (!duplex.push(value)) break;
      }
      isReading = false;
    } catch (error) {
      duplex.destroy(error as Error);
    }
  };
  return duplex;
}
