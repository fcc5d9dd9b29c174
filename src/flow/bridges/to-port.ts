import type { Observable } from 'rxjs';
import { TidegateError } from '../../errors.ts';
import { drain } from '../drain.ts';
import type { SinkReport } from '../sink.ts';
import { type Port, portMessage } from './port.ts';

/**
 * Sends an Observable over a message port, as many values as the reader has given credit for: {@link fromPort} at
 * the other end. Resolves when all is sent.
 *
 * - Emits: every value, in order, as structured clones, several in one message.
 * - Waits: the source waits while the credit is used up.
 * - Holds: 64 values.
 * - Fails: with the error of the source, which is sent on; `ERR_ABORTED` when the reader leaves.
 *
 * @example
 * ```ts
 * await toPort(extract('scan.dcm'), parentPort!);
 * ```
 */
export async function toPort<T>(source: Observable<T>, port: Port): Promise<SinkReport> {
  const controller = new AbortController();
  let credit = 0;
  let onCredit: (() => void) | undefined;
  const listen = (raw: unknown) => {
    const message = portMessage(raw);
    if (message?.tidegate === 'credit') {
      credit += message.count;
      onCredit?.();
    } else if (message?.tidegate === 'leave') {
      controller.abort(new TidegateError('ERR_ABORTED', 'Cannot send more: the reader of the port has left'));
    }
  };
  const write = async (values: readonly T[]): Promise<void> => {
    for (let sent = 0; sent < values.length; ) {
      while (credit === 0) {
        await new Promise<void>((resolve) => {
          onCredit = resolve;
        });
      }
      const part = values.slice(sent, sent + credit);
      credit -= part.length;
      sent += part.length;
      port.postMessage({ tidegate: 'values', values: part });
    }
  };
  port.on('message', listen);
  try {
    const report = await drain(source, { write }, { highWaterMark: 64, label: 'port', signal: controller.signal });
    port.postMessage({ tidegate: 'end' });
    return report;
  } catch (error) {
    if (!controller.signal.aborted) port.postMessage({ tidegate: 'error', error });
    throw error;
  } finally {
    port.off('message', listen);
  }
}
