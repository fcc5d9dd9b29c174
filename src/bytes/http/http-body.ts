import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { freeArrayBuffer } from '../../memory/free-array-buffer.ts';
import type { ByteSource } from '../byte-source.ts';
import type { HttpResource } from './http-resource.ts';
import { SilenceTimer } from './silence-timer.ts';

/** The whole body of an answer as it comes, for a server that knows no ranges. */
export class HttpBody implements ByteSource {
  readonly #resource: HttpResource;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor(resource: HttpResource, response: Response) {
    this.#resource = resource;
    this.#reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  }

  async pull(): Promise<Uint8Array | undefined> {
    if (this.#reader === undefined) return undefined;
    const timer = new SilenceTimer(this.#resource.name, this.#resource.timeoutMs);
    const silence = new Promise<never>((_, reject) => {
      timer.signal.addEventListener('abort', () => reject(timer.signal.reason), { once: true });
    });
    try {
      return (await Promise.race([this.#reader.read(), silence])).value;
    } finally {
      timer.stop();
    }
  }

  async close(): Promise<void> {
    await this.#reader?.cancel().catch(() => {}); // a body that failed before has told it to `pull`
  }
}

export const SHORTAGE = 'the answer ended before its declared end';
export const SURPLUS = 'the server sent more than it was asked for';

/**
 * Copies a body, whose first byte stands at `offset` of the resource, into `target`; tells of each piece that arrived,
 * so that what came before a failure is not asked for again.
 */
export async function receiveInto(
  target: Buffer,
  response: Response,
  resource: HttpResource,
  offset: number,
  arrived: (pieceBytes: number) => void,
): Promise<void> {
  let count = 0;
  for await (const piece of response.body ?? []) {
    if (count + piece.length > target.length) throw resource.failed(offset + target.length, SURPLUS);
    target.set(piece, count);
    count += piece.length;
    arrived(piece.length);
    // fetch gives its copy away; freed here, 1 GiB peaks 20 MiB lower on Node 24 than left to the collector
    if (piece.length === piece.buffer.byteLength) freeArrayBuffer(piece.buffer as ArrayBuffer);
  }
}
