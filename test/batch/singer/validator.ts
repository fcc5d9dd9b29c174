import { Ajv, type ValidateFunction } from 'ajv';

/** A message, as far as all of them are alike. */
export interface Message {
  readonly type: 'SCHEMA' | 'RECORD' | 'STATE';
  readonly stream: string;
  readonly record: Record<string, unknown>;
  readonly value: unknown;
}

const STREAM = { type: 'string', minLength: 1 };

/** The messages of the Singer specification (hub.meltano.com/singer/spec), one schema a type. */
const MESSAGES = {
  RECORD: {
    type: 'object',
    required: ['type', 'stream', 'record'],
    properties: {
      type: { const: 'RECORD' },
      stream: STREAM,
      record: { type: 'object' },
      time_extracted: {
        type: 'string',
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
      },
      version: { type: 'integer' },
    },
    additionalProperties: false,
  },
  SCHEMA: {
    type: 'object',
    required: ['type', 'stream', 'schema', 'key_properties'],
    properties: {
      type: { const: 'SCHEMA' },
      stream: STREAM,
      schema: {
        type: 'object',
        required: ['type', 'properties'],
        properties: { type: { const: 'object' }, properties: { type: 'object', minProperties: 1 } },
      },
      key_properties: { type: 'array', items: STREAM },
      bookmark_properties: { type: 'array', items: STREAM },
    },
    additionalProperties: false,
  },
  STATE: {
    type: 'object',
    required: ['type', 'value'],
    properties: { type: { const: 'STATE' }, value: { type: 'object' } },
    additionalProperties: false,
  },
} as const;

/** The catalog of the specification, as discovery prints it. */
const CATALOG = {
  type: 'object',
  required: ['streams'],
  properties: {
    streams: {
      type: 'array',
      items: {
        type: 'object',
        required: ['stream', 'tap_stream_id', 'schema', 'metadata'],
        properties: {
          stream: STREAM,
          tap_stream_id: STREAM,
          key_properties: { type: 'array', items: STREAM },
          schema: { type: 'object', required: ['type', 'properties'] },
          metadata: {
            type: 'array',
            items: {
              type: 'object',
              required: ['breadcrumb', 'metadata'],
              properties: {
                breadcrumb: { type: 'array', items: { type: 'string' } },
                metadata: {
                  type: 'object',
                  properties: {
                    inclusion: { enum: ['available', 'automatic', 'unsupported'] },
                    'selected-by-default': { type: 'boolean' },
                    selected: { type: 'boolean' },
                    'table-key-properties': { type: 'array', items: { type: 'string' } },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

const ajv = new Ajv({ allowUnionTypes: true });
const validators = Object.fromEntries(Object.entries(MESSAGES).map(([type, schema]) => [type, ajv.compile(schema)]));
const isCatalog = ajv.compile(CATALOG);

/** Throws unless the text is a catalog. */
export function checkCatalog(text: string): { streams: Record<string, unknown>[] } {
  const catalog = JSON.parse(text);
  demand(isCatalog, catalog, 'the catalog');
  return catalog;
}

/**
 * Reads the output of a tap, and throws at the first message that breaks the rules: each of its type's schema; no RECORD
 * before the SCHEMA of its stream, each RECORD by that; the key has a value.
 */
export function checkedMessages(output: string): Message[] {
  const streams = new Map<string, { readonly isRecord: ValidateFunction; readonly keys: readonly string[] }>();
  return output
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const message = JSON.parse(line);
      const isMessage = validators[message.type];
      if (isMessage === undefined) throw new Error(`line ${index}: there is no message ${message.type}`);
      demand(isMessage, message, `line ${index}`);
      if (message.type === 'SCHEMA') {
        const keys = message.key_properties as string[];
        for (const key of keys) if (!(key in message.schema.properties)) throw new Error(`${key} is no property`);
        streams.set(message.stream, { isRecord: ajv.compile(message.schema), keys });
      } else if (message.type === 'RECORD') {
        const stream = streams.get(message.stream);
        if (stream === undefined) throw new Error(`line ${index}: a RECORD before the SCHEMA of ${message.stream}`);
        demand(stream.isRecord, message.record, `line ${index}`);
        for (const key of stream.keys) if (message.record[key] === null) throw new Error(`line ${index}: no ${key}`);
      }
      return message;
    });
}

function demand(isValid: ValidateFunction, value: unknown, what: string): void {
  if (!isValid(value)) throw new Error(`${what}: ${ajv.errorsText(isValid.errors)}`);
}
