import { asTidegateError, TidegateError } from '../../errors.ts';
import { sharedPool } from '../../memory/buffer-pool.ts';
import { positiveInteger } from '../../options.ts';
import { MiB } from '../../units.ts';
import type { Input } from '../input.ts';
import { cannotOpen } from '../input-errors.ts';
import { urlName } from '../input-name.ts';
import { SequentialInput } from '../sequential-input.ts';
import { contentRange } from './content-range.ts';
import { HttpBody, receiveInto, SHORTAGE, SURPLUS } from './http-body.ts';
import { BLOCK_BYTES, HttpInput, validatorOf } from './http-input.ts';
import type { HttpInputOptions } from './http-options.ts';
import { type ByteRange, HttpResource, TransientError, type UseResponse } from './http-resource.ts';
import { HttpSpan } from './http-span.ts';

/**
 * Opens a URL for ranged reads, with one request, which also brings the first 64 KiB. A server that knows no ranges
 * gives an input that can be read front to back. Caller closes.
 *
 * Fails with `ERR_INPUT_OPEN` (no such thing, no such server) or `ERR_TIMEOUT`; its reads with `ERR_INPUT_READ`,
 * `ERR_TIMEOUT`, or `ERR_INPUT_CHANGED` when ETag, time of modification or size are others than at the opening.
 */
export async function openHttp(url: URL | string, options: HttpInputOptions = {}): Promise<Input> {
  const resource = resourceOf(url, options);
  const cacheBytes = positiveInteger('cacheBytes', options.cacheBytes ?? 4 * MiB);
  const use: UseResponse<Input | undefined> = (response, timer) => {
    const isPacked = response.headers.get('content-encoding') !== null;
    if (response.status === 200) return openWhole(resource, response, options);
    if (response.status === 206 && isPacked) return abandon(response);
    return openRanged(resource, response, cacheBytes, options, () => timer.heard());
  };
  const request = (range: ByteRange | undefined) => resource.request(() => range, use, options.signal);
  try {
    // Not every 206 is of use: then everything is asked for, as a whole.
    return (await request({ start: 0, end: BLOCK_BYTES })) ?? (await request(undefined)) ?? refuse(resource);
  } catch (error) {
    options.signal?.throwIfAborted();
    const { code, message, facts } = asTidegateError(error, 'ERR_INPUT_OPEN', { file: resource.name });
    if (code !== 'ERR_INPUT_READ') throw error;
    throw new TidegateError('ERR_INPUT_OPEN', message, { ...facts, cause: error });
  }
}

function resourceOf(url: URL | string, options: HttpInputOptions): HttpResource {
  try {
    const address = new URL(url);
    return new HttpResource(address, options.name ?? urlName(address), options);
  } catch (error) {
    // what is no URL may still have a password
    throw cannotOpen(options.name ?? String(url).replace(/\/\/[^/]*@/, '//'), error);
  }
}

function refuse({ name }: HttpResource): never {
  const message = `Cannot open ${name}: the server answers ranges of packed bytes, or of a size it does not know`;
  throw new TidegateError('ERR_INPUT_OPEN', message, { file: name });
}

async function abandon(response: Response): Promise<undefined> {
  await response.body?.cancel();
  return undefined;
}

async function openWhole(resource: HttpResource, response: Response, options: HttpInputOptions): Promise<Input> {
  const { headers } = response;
  const declared = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  const { rewindBytes, pool } = options;
  const sizeBytes = declared === null ? undefined : Number(declared);
  const how = { name: resource.name, sizeBytes, mtime: mtimeOf(response), rewindBytes, pool };
  return new SequentialInput(new HttpBody(resource, response), how);
}

async function openRanged(
  resource: HttpResource,
  response: Response,
  cacheBytes: number,
  options: HttpInputOptions,
  heard: () => void,
): Promise<Input | undefined> {
  const range = contentRange(response);
  const { sizeBytes } = range ?? {};
  const isEmpty = response.status === 416 && sizeBytes === 0;
  if (response.status !== 206 && !isEmpty) throw resource.refused(response, 0);
  if (range === undefined || range.start !== 0 || sizeBytes === undefined) return abandon(response);
  if (range.end > BLOCK_BYTES) throw resource.failed(BLOCK_BYTES, SURPLUS);
  const pool = options.pool ?? sharedPool;
  const facts = { sizeBytes, validator: validatorOf(response), mtime: mtimeOf(response) };
  const input = new HttpInput(resource, facts, cacheBytes, pool);
  if (isEmpty) {
    await abandon(response);
    return input;
  }
  const head = new HttpSpan(0, range.end, pool, resource.name);
  try {
    await head.fill(async (target) => {
      let count = 0;
      await receiveInto(target, response, resource, 0, (pieceBytes) => {
        heard();
        count += pieceBytes;
      });
      if (count < target.length) throw new TransientError(resource.failed(count, SHORTAGE));
    });
    input.addHead(head);
    return input;
  } catch (error) {
    head.drop();
    throw error;
  }
}

function mtimeOf({ headers }: Response): string | undefined {
  const time = Date.parse(headers.get('last-modified') ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
