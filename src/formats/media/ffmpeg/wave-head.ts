import { TidegateError } from '../../../errors.ts';
import { KiB } from '../../../units.ts';

/** The head of the WAVE stream that ffmpeg writes into a pipe: it tells the channels and the rate of what follows. */
export class WaveHead {
  format: { readonly channels: number; readonly sampleRate: number } | undefined;
  #head: Buffer = Buffer.alloc(0);
  #isRead = false;

  /** Takes the next bytes; answers those that are sound. */
  push(bytes: Buffer): Buffer | undefined {
    if (this.#isRead) return bytes;
    this.#head = Buffer.concat([this.#head, bytes]);
    let at = 12;
    while (at + 8 <= this.#head.length) {
      const id = this.#head.toString('latin1', at, at + 4);
      if (id === 'data') {
        this.#isRead = true;
        const sound = this.#head.subarray(at + 8);
        this.#head = Buffer.alloc(0);
        return sound;
      }
      const lengthBytes = this.#head.readUInt32LE(at + 4);
      if (id === 'fmt ' && at + 16 <= this.#head.length) {
        this.format = { channels: this.#head.readUInt16LE(at + 10), sampleRate: this.#head.readUInt32LE(at + 12) };
      }
      at += 8 + lengthBytes + (lengthBytes % 2);
    }
    if (this.#head.length <= 64 * KiB) return undefined;
    throw new TidegateError('ERR_CHILD_PROCESS', 'Cannot read what ffmpeg wrote: no data chunk within 64 KiB');
  }
}
