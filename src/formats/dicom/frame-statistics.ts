import { jsonNumber } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { PixelKind } from './pixel-tracker.ts';

type Pixels = ArrayLike<number>;

const VIEWS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** Least, greatest and mean value of the pixels of a frame, from its bytes in pieces of whole pixels. */
export class FrameStatistics {
  readonly #kind: keyof typeof VIEWS | undefined;
  readonly #isLittle: boolean;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(kind: PixelKind | undefined, isLittle: boolean) {
    this.#kind = kind === 'bits' ? undefined : kind;
    this.#isLittle = isLittle;
  }

  /** Takes the next bytes of the frame. */
  add(bytes: Buffer): void {
    if (this.#kind === undefined) return;
    const pixels = this.#pixels(bytes, VIEWS[this.#kind]);
    let [sum, min, max] = [0, this.#min, this.#max];
    for (let i = 0; i < pixels.length; i++) {
      const pixel = pixels[i]!;
      sum += pixel;
      if (pixel < min) min = pixel;
      if (pixel > max) max = pixel;
    }
    this.#sum += sum;
    this.#min = min;
    this.#max = max;
    this.#count += pixels.length;
  }

  /** A typed array over the bytes where they lie aligned and in the machine's order, else over a copy. */
  #pixels(bytes: Buffer, View: (typeof VIEWS)[keyof typeof VIEWS]): Pixels {
    const unitBytes = View.BYTES_PER_ELEMENT;
    const count = Math.floor(bytes.length / unitBytes);
    const isUsable = bytes.byteOffset % unitBytes === 0 && (this.#isLittle || unitBytes === 1);
    if (isUsable) return new View(bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
    const copy = Buffer.from(new Uint8Array(bytes.subarray(0, count * unitBytes)).buffer);
    if (!this.#isLittle) swap(copy, unitBytes);
    return new View(copy.buffer, copy.byteOffset, count);
  }

  /** `{ min, max, mean }`; `{}` where the pixels are not of a kind that has them. */
  toJson(): Json {
    if (this.#count === 0) return {};
    return { min: jsonNumber(this.#min), max: jsonNumber(this.#max), mean: jsonNumber(this.#sum / this.#count) };
  }
}

/** Turns the bytes of every unit around, in place. */
export function swap(bytes: Buffer, unitBytes: number): Buffer {
  if (unitBytes === 2) return bytes.swap16();
  if (unitBytes === 4) return bytes.swap32();
  return unitBytes === 8 ? bytes.swap64() : bytes;
}
