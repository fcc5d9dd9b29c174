import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { TidegateError } from '../errors.ts';
import type { Marks } from '../flow/gate.ts';
import { QueueStage } from '../flow/queue-stage.ts';
import { subscribeGated } from '../flow/scope.ts';
import type { SizeOf } from '../flow/size-of.ts';
import { oneOf } from '../options.ts';

/** What {@link backpressure} does with a value that comes while its queue is full. */
export type Overflow = 'wait' | 'dropOldest' | 'dropNewest' | 'error';

/** Options for {@link backpressure}. */
export interface BackpressureOptions<T> extends Marks {
  /** Values held before the source has to wait. @defaultValue 16 */
  readonly highWaterMark?: number | undefined;
  /** Bytes of a value. @defaultValue length of buffers and strings, else 0 */
  readonly sizeOf?: SizeOf<T> | undefined;
  /** For sources that cannot wait, what to do with a value too many. @defaultValue 'wait' */
  readonly overflow?: Overflow | undefined;
  /** Called with each value that `overflow` drops. */
  readonly onDrop?: ((value: T) => void) | undefined;
}

const DEFAULT_MARK = 16;

/**
 * A bounded queue between a source and what is slower behind it.
 *
 * - Emits: every value, in order; with `dropOldest` or `dropNewest`, those that were not dropped.
 * - Waits: the source waits while `highWaterMark` values or `highWaterBytes` bytes are held.
 * - Holds: `highWaterMark` values, `highWaterBytes` plus one value.
 * - Fails: with `overflow: 'error'`, `ERR_OVERFLOW` when a value comes too many; an error of the source comes
 *   behind the values that came before it.
 *
 * @example
 * ```ts
 * mouseMoves.pipe(backpressure({ highWaterMark: 1, overflow: 'dropOldest' }), mapAsync(draw)).subscribe();
 * ```
 */
export function backpressure<T>(options: BackpressureOptions<T> = {}): MonoTypeOperatorFunction<T> {
  const overflow = oneOf('overflow', options.overflow ?? 'wait', ['wait', 'dropOldest', 'dropNewest', 'error']);
  return (source) =>
    new Observable<T>((subscriber) => {
      const stage = new QueueStage<T>(subscriber, { ...options, label: 'backpressure', defaultMark: DEFAULT_MARK });
      const { gate, queue } = stage;
      const drop = (value: T) => options.onDrop?.(value);
      const next = (value: T) => {
        if (overflow === 'wait' || gate.isOpen) return stage.next(value);
        if (overflow === 'dropNewest') return drop(value);
        if (overflow === 'error') {
          const message = `Cannot hold another value: ${gate.fill} are waiting`;
          return subscriber.error(new TidegateError('ERR_OVERFLOW', message, { heldItems: gate.items }));
        }
        while (!gate.isOpen && queue.length > 0) {
          const bytes = queue.firstBytes;
          const oldest = queue.shift();
          gate.leave(bytes);
          drop(oldest);
        }
        stage.next(value);
      };
      subscribeGated(
        source,
        gate,
        { next, error: (e) => stage.error(e), complete: () => stage.complete() },
        subscriber,
      );
    });
}
