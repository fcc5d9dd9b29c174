import type { ReadableStream } from 'node:stream/web';
import type { Observable } from 'rxjs';
import { fromPull } from '../from-pull.ts';

/**
 * A Web ReadableStream as an Observable that reads only while there is room behind.
 *
 * - Emits: every chunk, in order.
 * - Waits: before every chunk; the stream sees no reads meanwhile.
 * - Holds: one chunk, beyond what the stream holds itself.
 * - Fails: with the error of the stream. Unsubscribing cancels it.
 *
 * @example
 * ```ts
 * const response = await fetch('http://localhost:8080/scan.dcm');
 * await drain(fromWebStream(response.body!), (chunk) => console.log(chunk.byteLength));
 * ```
 */
export function fromWebStream<T>(stream: ReadableStream<T>): Observable<T> {
  return fromPull<T>(
    (signal) => {
      const reader = stream.getReader();
      const release = () => void reader.cancel(signal.reason).catch(() => {});
      signal.addEventListener('abort', release, { once: true });
      return read(reader, signal);
    },
    { label: 'web stream' },
  );
}

async function* read<T>(
  reader: { read(): Promise<{ done: boolean; value?: T | undefined }>; releaseLock(): void },
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value as T;
    }
  } finally {
    if (!signal.aborted) reader.releaseLock();
  }
}
