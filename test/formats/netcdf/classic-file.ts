/** What to put into a classic file. */
export interface ClassicContent {
  readonly version?: 1 | 2 | 5;
  /** `'streaming'`: as a writer leaves it that never came back to the header. */
  readonly recordCount?: number | 'streaming';
  /** Length 0 is the record dimension. */
  readonly dimensions?: readonly (readonly [name: string, length: number])[];
  readonly attributes?: readonly AttributeContent[];
  readonly variables?: readonly VariableContent[];
}

export type TypeName =
  | 'byte'
  | 'char'
  | 'short'
  | 'int'
  | 'float'
  | 'double'
  | 'ubyte'
  | 'ushort'
  | 'uint'
  | 'int64'
  | 'uint64';
export type AttributeContent = readonly [name: string, type: TypeName, value: string | Buffer | readonly Value[]];
export type Value = number | bigint;
type Write = (bytes: Buffer, value: Value) => number;

export interface VariableContent {
  readonly name: string;
  readonly type: TypeName;
  readonly dimensions?: readonly number[];
  readonly attributes?: readonly AttributeContent[];
  /** In C order; of a record variable all records. Text for `char`. */
  readonly values?: readonly Value[] | string;
}

const TYPES: Readonly<Record<TypeName, readonly [code: number, sizeBytes: number, write: Write]>> = {
  byte: [1, 1, (b, v) => b.writeInt8(Number(v))],
  char: [2, 1, (b, v) => b.writeUInt8(Number(v))],
  short: [3, 2, (b, v) => b.writeInt16BE(Number(v))],
  int: [4, 4, (b, v) => b.writeInt32BE(Number(v))],
  float: [5, 4, (b, v) => b.writeFloatBE(Number(v))],
  double: [6, 8, (b, v) => b.writeDoubleBE(Number(v))],
  ubyte: [7, 1, (b, v) => b.writeUInt8(Number(v))],
  ushort: [8, 2, (b, v) => b.writeUInt16BE(Number(v))],
  uint: [9, 4, (b, v) => b.writeUInt32BE(Number(v))],
  int64: [10, 8, (b, v) => b.writeBigInt64BE(BigInt(v))],
  uint64: [11, 8, (b, v) => b.writeBigUInt64BE(BigInt(v))],
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const uint64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};
const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** The elements as they stand in a file. */
export function encode(type: TypeName, values: readonly Value[] | string | Buffer): Buffer {
  if (Buffer.isBuffer(values)) return values;
  if (typeof values === 'string') return Buffer.from(values, 'utf8');
  const [, sizeBytes, write] = TYPES[type];
  const bytes = Buffer.alloc(sizeBytes * values.length);
  values.forEach((value, index) => void write(bytes.subarray(index * sizeBytes), value));
  return bytes;
}

/** A classic file, written by the letter of the file format specification. */
export function classicFile(content: ClassicContent): Buffer {
  const { version = 1, dimensions = [], attributes = [], variables = [], recordCount = 0 } = content;
  const count = version === 5 ? uint64 : uint32;
  const begin = version === 1 ? uint32 : uint64;
  const name = (text: string): Buffer => {
    const bytes = Buffer.from(text, 'utf8');
    return Buffer.concat([count(bytes.length), pad(bytes)]);
  };
  const list = (tag: number, parts: readonly Buffer[]): Buffer =>
    Buffer.concat([uint32(parts.length > 0 ? tag : 0), count(parts.length), ...parts]);
  const attributeList = (all: readonly AttributeContent[]): Buffer =>
    list(
      12,
      all.map(([key, type, value]) => {
        const bytes = encode(type, value);
        return Buffer.concat([name(key), uint32(TYPES[type][0]), count(bytes.length / TYPES[type][1]), pad(bytes)]);
      }),
    );
  const recordId = dimensions.findIndex(([, length]) => length === 0);
  const isRecord = (variable: VariableContent): boolean => recordId >= 0 && variable.dimensions?.[0] === recordId;
  const records = recordCount === 'streaming' ? recordsOf(variables.find(isRecord), dimensions) : recordCount;
  const recordVariableCount = variables.filter(isRecord).length;
  const slabBytes = (variable: VariableContent): number => {
    const inner = (variable.dimensions ?? []).slice(isRecord(variable) ? 1 : 0);
    return inner.reduce((product, id) => product * dimensions[id]![1], TYPES[variable.type][1]);
  };
  const stride = (variable: VariableContent): number => {
    const isAlone = isRecord(variable) && recordVariableCount === 1;
    return isAlone ? slabBytes(variable) : Math.ceil(slabBytes(variable) / 4) * 4;
  };
  const slab = (variable: VariableContent, index: number): Buffer => {
    const length = slabBytes(variable);
    const bytes = encode(variable.type, variable.values ?? []).subarray(index * length, (index + 1) * length);
    return Buffer.concat([bytes], stride(variable));
  };
  const header = (begins: readonly number[]): Buffer =>
    Buffer.concat([
      Buffer.from(`CDF${String.fromCharCode(version)}`, 'latin1'),
      recordCount === 'streaming' ? (version === 5 ? uint64(0xffffffffffffffffn) : uint32(0xffffffff)) : count(records),
      list(
        10,
        dimensions.map(([key, length]) => Buffer.concat([name(key), count(length)])),
      ),
      attributeList(attributes),
      list(
        11,
        variables.map((variable, index) =>
          Buffer.concat([
            name(variable.name),
            count(variable.dimensions?.length ?? 0),
            ...(variable.dimensions ?? []).map((id) => count(id)),
            attributeList(variable.attributes ?? []),
            uint32(TYPES[variable.type][0]),
            count(stride(variable)),
            begin(begins[index]!),
          ]),
        ),
      ),
    ]);
  let offset = header(variables.map(() => 0)).length;
  const begins: number[] = [];
  const data: Buffer[] = [];
  for (const pass of [false, true]) {
    variables.forEach((variable, index) => {
      if (isRecord(variable) !== pass) return;
      begins[index] = offset;
      offset += stride(variable);
      if (!pass) data.push(slab(variable, 0));
    });
  }
  for (let record = 0; record < records; record++) {
    for (const variable of variables.filter(isRecord)) data.push(slab(variable, record));
  }
  return Buffer.concat([header(begins), ...data]);
}

function recordsOf(variable: VariableContent | undefined, dimensions: readonly (readonly [string, number])[]): number {
  if (variable === undefined) return 0;
  const inner = (variable.dimensions ?? []).slice(1).reduce((product, id) => product * dimensions[id]![1], 1);
  return (variable.values?.length ?? 0) / inner;
}
