import { Observable } from 'rxjs';
import { positiveInteger } from '../../options.ts';
import { QueueStage } from '../queue-stage.ts';
import { type Port, portMessage } from './port.ts';

/** Options for {@link fromPort}. */
export interface FromPortOptions {
  /** Values that may be under way or waiting here at once. @defaultValue 256 */
  readonly highWaterMark?: number | undefined;
}

/**
 * What {@link toPort} sends from the other end of a message port. The writer gets credit for as many values as there
 * is room for here.
 *
 * - Emits: every value, in order.
 * - Waits: the writer waits while `highWaterMark` values are under way or not yet taken.
 * - Holds: `highWaterMark` values.
 * - Fails: with the error that the writer sent. Unsubscribing tells the writer to leave its source.
 *
 * @example
 * ```ts
 * fromPort<ExtractionRecord>(new Worker('./extract.js')).subscribe((record) => console.log(record));
 * ```
 */
export function fromPort<T>(port: Port, options: FromPortOptions = {}): Observable<T> {
  const mark = positiveInteger('highWaterMark', options.highWaterMark ?? 256);
  return new Observable<T>((subscriber) => {
    let unacknowledged = 0;
    let isOver = false;
    const acknowledge = () => {
      unacknowledged++;
      if (unacknowledged * 2 < mark) return;
      port.postMessage({ tidegate: 'credit', count: unacknowledged });
      unacknowledged = 0;
    };
    const marks = { highWaterMark: mark, defaultMark: mark };
    const stage = new QueueStage<T>(subscriber, { ...marks, label: 'port', onLeave: acknowledge });
    const listen = (raw: unknown) => {
      const message = portMessage<T>(raw);
      if (message?.tidegate === 'values') for (const value of message.values) stage.next(value);
      else if (message?.tidegate === 'end') over(() => stage.complete());
      else if (message?.tidegate === 'error') over(() => stage.error(message.error));
    };
    const over = (tell: () => void) => {
      isOver = true;
      port.off('message', listen);
      tell();
    };
    subscriber.add(() => {
      if (isOver) return;
      port.off('message', listen);
      port.postMessage({ tidegate: 'leave' });
    });
    port.on('message', listen);
    port.postMessage({ tidegate: 'credit', count: mark });
  });
}
