import { TidegateError } from '../../../errors.ts';
import type { Json } from '../../../records.ts';
import { MiB } from '../../../units.ts';

/** One picture out of ffmpeg's pipe. */
export interface Picture {
  /** Mean brightness; `undefined` if it is not known from the bytes (JPEG). */
  readonly luma: number | undefined;
  readonly thumbnail: Json;
}

const MAX_PICTURE_BYTES: number = 64 * MiB;

/** Cuts a stream of PGM, PPM or multipart JPEG pictures, each of which tells its own size. */
export class PictureSplitter {
  #bytes: Buffer = Buffer.alloc(0);
  #wantedBytes = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  *push(bytes: Buffer): Generator<Picture> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#bytes.length + this.#waitingBytes < this.#wantedBytes) return;
    this.#bytes = Buffer.concat([this.#bytes, ...this.#waiting]);
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (let head = readHead(this.#bytes); head; head = readHead(this.#bytes)) {
      const endOffset = head.dataOffset + head.lengthBytes;
      if (head.lengthBytes > MAX_PICTURE_BYTES)
        throw new TidegateError('ERR_LIMIT', `Cannot hold a picture of ${head.lengthBytes} bytes`);
      this.#wantedBytes = endOffset;
      if (this.#bytes.length < endOffset) return;
      yield head.read(this.#bytes.subarray(head.dataOffset, endOffset));
      this.#bytes = this.#bytes.subarray(endOffset);
      this.#wantedBytes = 0;
    }
  }
}

interface Head {
  readonly dataOffset: number;
  readonly lengthBytes: number;
  read(data: Buffer): Picture;
}

function readHead(bytes: Buffer): Head | undefined {
  const text = bytes.toString('latin1', 0, 256);
  const netpbm = /^P([56])\s+(\d+)\s+(\d+)\s+255\s/.exec(text);
  if (netpbm) {
    const [head, kind, width, height] = netpbm;
    const channels = kind === '6' ? 3 : 1;
    const [columns, rows] = [Number(width), Number(height)];
    return {
      dataOffset: head.length,
      lengthBytes: columns * rows * channels,
      read: (data) => (channels === 1 ? gray(data) : rgb(data, columns, rows)),
    };
  }
  const part = /^\s*--ffmpeg\r\n(?:[^\r\n]+\r\n)*?Content-length: *(\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/i.exec(text);
  if (part) return { dataOffset: part[0].length, lengthBytes: Number(part[1]), read: jpeg };
  if (text.length < 256) return undefined;
  throw new TidegateError('ERR_CHILD_PROCESS', 'Cannot read what ffmpeg wrote: it is no picture');
}

function gray(data: Buffer): Picture {
  let sum = 0;
  for (const value of data) sum += value;
  return { luma: sum / data.length, thumbnail: null };
}

/** Luma of ITU-R BT.601. */
function rgb(data: Buffer, width: number, height: number): Picture {
  let sum = 0;
  for (let at = 0; at < data.length; at += 3) sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
  const thumbnail = { kind: 'rgb', width, height, base64: data.toString('base64') };
  return { luma: (sum * 3) / data.length, thumbnail };
}

function jpeg(data: Buffer): Picture {
  return { luma: undefined, thumbnail: { kind: 'jpeg', base64: data.toString('base64') } };
}
