import { type Input, isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import type { FormatReader } from '../format.ts';
import { readRecords } from '../read-file.ts';
import type { Recorder } from '../recorder.ts';
import { chunksOf } from './chunks-of.ts';
import { startDigest } from './digests.ts';
import { binaryFormat } from './format.ts';
import { type BinaryOptions, type BinaryPlan, binaryPlan } from './options.ts';
import { Sampler } from './sampler.ts';
import { SIGNATURE_BYTES, signatureOf } from './signature.ts';

/** Reads any bytes: their signature, statistics per sample, digests of the whole. */
export const reader: FormatReader<BinaryOptions> = {
  read(input, options = {}) {
    const plan = binaryPlan(options);
    const format = { name: binaryFormat.name, mediaType: binaryFormat.mediaTypes[0]! };
    return readRecords(input, format, options, (out) => readBinary(input, plan, options.signal, out));
  },
};

async function* readBinary(
  input: Input,
  plan: BinaryPlan,
  signal: AbortSignal | undefined,
  out: Recorder,
): AsyncGenerator<void, void, void> {
  const head = await readHead(input, signal);
  if (plan.signature !== 'none') await recordSignature(head, plan, out);
  const needsAll = plan.sampleBytes !== undefined || plan.digests.length > 0;
  // A short head is read on in any case: it is the whole input, or it ends where the source failed.
  if (!needsAll && head.length === SIGNATURE_BYTES) return;

  const digests = plan.digests.map(startDigest);
  const sampler = plan.sampleBytes === undefined ? undefined : new Sampler(plan.sampleBytes, plan.histogram, out);
  let totalBytes = 0;
  for await (const bytes of wholeInput(input, head, plan, signal)) {
    totalBytes += bytes.length;
    for (const digest of digests) digest.update(bytes);
    if (sampler !== undefined) yield* sampler.add(bytes);
  }
  expectAll(input, totalBytes);
  sampler?.end();
  for (const { name, hex } of digests) {
    out.field({ path: `format/${name}`, key: name, name, dtype: 'string', value: hex() });
  }
}

async function readHead(input: Input, signal: AbortSignal | undefined): Promise<Buffer> {
  const read = input.read(0, SIGNATURE_BYTES, signal);
  const chunk = isPromise(read) ? await read : read;
  const bytes = Buffer.from(chunk.bytes);
  chunk.release();
  return bytes;
}

async function recordSignature(head: Buffer, plan: BinaryPlan, out: Recorder): Promise<void> {
  const judge = plan.signature === 'table' ? signatureOf : (await import('./file-type.ts')).fileTypeOf;
  const found = await judge(head);
  out.field({
    path: 'format/signature',
    key: 'signature',
    name: 'signature',
    dtype: 'string',
    value: found?.mediaType ?? null,
    comment: found?.title,
    offset: found?.offset,
    length: found?.lengthBytes,
  });
}

/** The head first, from memory: a pipe cannot be read twice. */
async function* wholeInput(
  input: Input,
  head: Buffer,
  plan: BinaryPlan,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void, void> {
  if (head.length > 0) yield head;
  if (head.length === input.sizeBytes) return;
  for await (const chunk of chunksOf(input, { offset: head.length, chunkBytes: plan.chunkBytes, signal })) {
    yield chunk.bytes;
  }
}

function expectAll(input: Input, totalBytes: number): void {
  if (input.sizeBytes === undefined || totalBytes === input.sizeBytes) return;
  const message = `Cannot read to the end: ${input.sizeBytes} bytes at the start, ${totalBytes} were there to read`;
  throw new TidegateError('ERR_INPUT_CHANGED', message, { file: input.name, offset: totalBytes });
}
