import type { DataSet } from 'dicom-parser';
import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';
import { DataSetVisitor } from './data-set-visitor.ts';
import { Scan } from './scan.ts';
import { Scanner } from './scanner.ts';

/** Options for {@link toDataSet}. */
export interface DataSetOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Read Pixel Data and what follows, too; else they end the data set, and `dataOffset` of the pixel data lies at the
   * end of `byteArray`. @defaultValue false
   */
  readonly pixelData?: boolean | undefined;
  /** Most bytes held before `ERR_LIMIT`. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined;
}

/**
 * The data set as one of dicom-parser, for code and helpers that work on those (`dataSet.string('x00100010')`,
 * `readEncapsulatedImageFrame` ...), also for files that `parseDicom` itself cannot read: VRs OV, SV and UV, no
 * preamble, a syntax that contradicts the data, deep nesting, any private transfer syntax. Holds the bytes of the
 * header and an object an element.
 *
 * Fails with the errors of the input and of the file; with `ERR_NOT_SEEKABLE` on an input that cannot be read twice.
 * The caller closes the input.
 */
export async function toDataSet(input: Input, options: DataSetOptions = {}): Promise<DataSet> {
  const maxBytes = positiveInteger('maxBytes', options.maxBytes ?? 64 * MiB);
  if (!input.isSeekable) {
    const message = `Cannot make a data set of ${input.name}: it can be read only once`;
    throw new TidegateError('ERR_NOT_SEEKABLE', message, { file: input.name });
  }
  // dicom-parser puts what a data set inflates to behind the file meta group
  const visitor = new DataSetVisitor(() => scan.deflatedOffset ?? 0, options.pixelData ?? false);
  const scan: Scan = new Scan(input, new Scanner(visitor), options);
  try {
    for (;;) {
      const step = scan.next();
      if ((isPromise(step) ? await step : step) || visitor.isAtPixels) break;
    }
    if (scan.isInflatedTwice) {
      const message = `Cannot make a data set of ${input.name}: it is deflated inside a gzip file`;
      throw new TidegateError('ERR_UNSUPPORTED', message, { file: input.name });
    }
    const byteArray = await bytesOf(input, scan, visitor.endOffset, maxBytes, options.signal);
    for (const dataSet of visitor.dataSets) dataSet.byteArray = byteArray;
    return visitor.dataSets[0]!;
  } finally {
    scan.close();
  }
}

async function bytesOf(
  input: Input,
  scan: Scan,
  endOffset: number,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  if (endOffset > maxBytes) {
    const message = `Cannot hold the ${endOffset} bytes of the data set: maxBytes is ${maxBytes}`;
    throw new TidegateError('ERR_LIMIT', message, { file: input.name, offset: maxBytes, limit: 'maxBytes' });
  }
  const plainBytes = scan.deflatedOffset ?? endOffset;
  const plain = await copyOf(input, plainBytes, signal);
  if (plainBytes === endOffset) return plain;
  const inflated = scan.openAgain(input);
  try {
    return Buffer.concat([plain, await copyOf(inflated, endOffset - plainBytes, signal)]);
  } finally {
    await inflated.close();
  }
}

async function copyOf(input: Input, lengthBytes: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const chunk = await input.read(0, lengthBytes, signal);
  const copy = Buffer.from(chunk.bytes);
  chunk.release();
  return copy;
}
