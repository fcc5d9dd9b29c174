import { TidegateError } from '../../errors.ts';
import { STREAMS, type Stream, type StreamSchema, schemaOf } from './streams.ts';

/** What is known of a stream or of one of its properties. */
interface Metadata {
  readonly breadcrumb: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What `--discover` prints, and `--catalog` takes back with a choice in it. */
interface Catalog {
  readonly streams: readonly {
    readonly stream: string;
    readonly tap_stream_id: string;
    readonly schema: StreamSchema;
    readonly key_properties: readonly string[];
    readonly metadata: readonly Metadata[];
  }[];
}

/** The streams that there are. */
export function discover(): Catalog {
  return {
    streams: STREAMS.map(({ name, columns, keys }) => ({
      stream: name,
      tap_stream_id: name,
      schema: schemaOf(columns),
      key_properties: keys,
      metadata: [
        {
          breadcrumb: [],
          metadata: { inclusion: 'available', 'selected-by-default': true, 'table-key-properties': keys },
        },
        ...columns.map((column) => ({
          breadcrumb: ['properties', column.name],
          metadata: { inclusion: column.isRequired ? 'automatic' : 'available', 'selected-by-default': true },
        })),
      ],
    })),
  };
}

/** The streams and columns that a catalog selects. `ERR_OPTION` if it is none. */
export function selectedStreams(catalog: unknown): readonly Stream[] {
  const { streams } = (catalog ?? {}) as { streams?: unknown };
  if (!Array.isArray(streams)) {
    throw new TidegateError('ERR_OPTION', 'Cannot use the catalog: it has no list of streams', { option: 'catalog' });
  }
  return STREAMS.flatMap((stream) => {
    const entry = streams.find((each) => (each?.tap_stream_id ?? each?.stream) === stream.name);
    const selection = new Selection(entry);
    if (entry === undefined || !selection.isSelected([])) return [];
    const columns = stream.columns.filter(
      ({ name, isRequired }) => isRequired || selection.isSelected(['properties', name]),
    );
    return [{ ...stream, columns }];
  });
}

/** What the metadata of one stream of a catalog chooses. */
class Selection {
  readonly #metadata: readonly Partial<Metadata>[];

  constructor(entry: unknown) {
    const { metadata } = (entry ?? {}) as { metadata?: unknown };
    this.#metadata = Array.isArray(metadata) ? metadata : [];
  }

  isSelected(breadcrumb: readonly string[]): boolean {
    const key = JSON.stringify(breadcrumb);
    const { metadata = {} } = this.#metadata.find((each) => JSON.stringify(each?.breadcrumb) === key) ?? {};
    if (metadata.inclusion === 'unsupported') return false;
    // A property of which nothing is said comes with its stream; a stream has to be chosen.
    const otherwise = breadcrumb.length > 0;
    return Boolean(metadata.selected ?? metadata['selected-by-default'] ?? otherwise);
  }
}
