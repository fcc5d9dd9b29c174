/** Tags and types of the classic format (netCDF classic format specification, "The format in detail"). */
const DIMENSION = 10;
const VARIABLE = 11;
const ATTRIBUTE = 12;
const CHAR = 2;
const FLOAT = 5;

/** A netCDF classic file: a temperature over 4 latitudes and 8 longitudes, with CF attributes. */
export function weatherFile(): Buffer {
  const [latCount, lonCount] = [4, 8];
  const variables = [
    { name: 'lat', dimensions: [0], units: 'degrees_north', values: range(latCount, (i) => -60 + 40 * i) },
    { name: 'lon', dimensions: [1], units: 'degrees_east', values: range(lonCount, (i) => 45 * i) },
    { name: 't2m', dimensions: [0, 1], units: 'K', values: range(latCount * lonCount, (i) => 273 + 20 * Math.sin(i)) },
  ];
  const headerBytes = header(variables.map((variable) => ({ ...variable, begin: 0 }))).length;
  let begin = headerBytes;
  const placed = variables.map((variable) => {
    const at = { ...variable, begin };
    begin += variable.values.length * 4;
    return at;
  });
  return Buffer.concat([header(placed), ...variables.map(({ values }) => floats(values))]);

  function header(list: readonly Variable[]): Buffer {
    const dimensions = [named('lat'), int(latCount), named('lon'), int(lonCount)];
    return Buffer.concat([
      Buffer.from('CDF\x01', 'latin1'),
      int(0),
      int(DIMENSION, 2),
      ...dimensions,
      attributes({ title: 'tidegate samples', Conventions: 'CF-1.8' }),
      int(VARIABLE, list.length),
      ...list.map(variableEntry),
    ]);
  }
}

interface Variable {
  readonly name: string;
  readonly dimensions: readonly number[];
  readonly units: string;
  readonly values: readonly number[];
  readonly begin: number;
}

function variableEntry({ name, dimensions, units, values, begin }: Variable): Buffer {
  return Buffer.concat([
    named(name),
    int(dimensions.length, ...dimensions),
    attributes({ units }),
    int(FLOAT, values.length * 4, begin),
  ]);
}

function attributes(list: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(list).map(([name, value]) =>
    Buffer.concat([named(name), int(CHAR, value.length), padded(Buffer.from(value))]),
  );
  return Buffer.concat([int(ATTRIBUTE, entries.length), ...entries]);
}

function named(name: string): Buffer {
  return Buffer.concat([int(name.length), padded(Buffer.from(name))]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function int(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(value, index * 4);
  return bytes;
}

function floats(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeFloatBE(value, index * 4);
  return bytes;
}

function range(count: number, value: (index: number) => number): number[] {
  return Array.from({ length: count }, (_, index) => value(index));
}
