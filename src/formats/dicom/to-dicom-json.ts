import { type Input, isPromise } from '../../bytes/input.ts';
import { nonNegativeInteger, positiveInteger } from '../../options.ts';
import { KiB } from '../../units.ts';
import { type BulkValue, JsonVisitor } from './json-visitor.ts';
import { Scan } from './scan.ts';
import { Scanner } from './scanner.ts';

/** Options for {@link toDicomJson}. */
export interface DicomJsonOptions {
  readonly signal?: AbortSignal | undefined;
  /** The file meta group too, as tools expect that keep whole files. @defaultValue false */
  readonly meta?: boolean | undefined;
  /** Binary values up to this long are `InlineBinary`; longer ones, and pixel data, are bulk. @defaultValue 1 KiB */
  readonly inlineBytes?: number | undefined;
  /**
   * The `BulkDataURI` of a value that is not in the model; without one the element has neither value nor URI.
   * @defaultValue `<input name>?offset=<bytes>&length=<bytes>`
   */
  readonly bulkDataUri?: ((value: BulkValue) => string | undefined) | undefined;
  /** Sequences inside one another before `ERR_LIMIT`. @defaultValue 256 */
  readonly maxDepth?: number | undefined;
  /** Characters per piece of text, about. @defaultValue 4 KiB */
  readonly chunkChars?: number | undefined;
}

/**
 * The data set as the DICOM JSON Model of PS3.18 Annex F, as text in pieces: their concatenation is one JSON object.
 * Holds one piece and the path of open items, however large the file. A value that is text or numbers and longer than
 * 64 KiB (or `inlineBytes`, if that is more) is bulk as well.
 *
 * Fails with `ERR_OPTION` at the call; with the errors of the input and of the file behind the text that could be
 * written. The caller closes the input.
 */
export function toDicomJson(input: Input, options: DicomJsonOptions = {}): AsyncGenerator<string, void, void> {
  const settings = {
    hasMeta: options.meta ?? false,
    inlineBytes: nonNegativeInteger('inlineBytes', options.inlineBytes ?? KiB),
    bulkDataUri: options.bulkDataUri ?? ((value: BulkValue) => defaultUri(input, value)),
  };
  const chunkChars = positiveInteger('chunkChars', options.chunkChars ?? 4 * KiB);
  const maxDepth = positiveInteger('maxDepth', options.maxDepth ?? 256);
  return write(input, new JsonVisitor(settings, chunkChars), maxDepth, options.signal);
}

function defaultUri(input: Input, { offset, lengthBytes }: BulkValue): string | undefined {
  if (offset === undefined) return undefined;
  return `${input.name}?offset=${offset}${lengthBytes === undefined ? '' : `&length=${lengthBytes}`}`;
}

async function* write(
  input: Input,
  visitor: JsonVisitor,
  maxDepth: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, void> {
  const scan = new Scan(input, new Scanner(visitor, { maxDepth }), { signal });
  visitor.isInflated = () => scan.deflatedOffset !== undefined;
  try {
    for (;;) {
      const step = scan.next();
      const isDone = isPromise(step) ? await step : step;
      if (isDone) break;
      yield visitor.take();
    }
    yield visitor.end();
  } catch (error) {
    yield visitor.take();
    throw error;
  } finally {
    scan.close();
  }
}
