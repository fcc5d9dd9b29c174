import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Transfer = (this: ArrayBuffer, newByteLength?: number) => ArrayBuffer;

let transfer: Transfer | undefined;

/** ES2024 `transfer`; V8 11.3 (Node 20) has it behind a flag that takes effect in contexts made after it is set. */
function findTransfer(): Transfer {
  const native = (ArrayBuffer.prototype as { transfer?: Transfer }).transfer;
  if (native !== undefined) return native;
  try {
    setFlagsFromString('--harmony-rab-gsab-transfer');
    return (runInNewContext('ArrayBuffer.prototype.transfer') as Transfer | undefined) ?? keep;
  } catch {
    return keep;
  }
}

function keep(this: ArrayBuffer): ArrayBuffer {
  return this;
}

/**
 * Gives the memory back to the system now, without waiting for the collector: every view of it becomes empty.
 * `false` where this engine cannot; the collector then frees it as usual.
 */
export function freeArrayBuffer(memory: ArrayBuffer): boolean {
  transfer ??= findTransfer();
  transfer.call(memory, 0);
  return transfer !== keep;
}
