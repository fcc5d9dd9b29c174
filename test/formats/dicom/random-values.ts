/** A small seeded generator of numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number in [0, 1). */
export type Next = () => number;
/** Bytes, or text that stands for its bytes, and what a record says of them. */
export type Written = readonly [Buffer | string, unknown];

/** Texts by character set. */
export const TEXTS: Readonly<Record<string, readonly Written[]>> = {
  'ISO_IR 100': [
    [Buffer.from('Jérôme', 'latin1'), 'Jérôme'],
    ['Doe^Jane', 'Doe^Jane'],
  ],
  'ISO_IR 192': [
    [Buffer.from('Wang^小'), 'Wang^小'],
    ['plain', 'plain'],
  ],
  GB18030: [
    [Buffer.from('cdf55ed0a1', 'hex'), '王^小'],
    ['x', 'x'],
  ],
  GBK: [[Buffer.from('815c', 'hex'), '乗']],
  'ISO_IR 144': [[Buffer.from('bbeeda', 'hex'), 'Люк']],
  '\\ISO 2022 IR 87': [[Buffer.from('1b2442334245441b2842', 'hex').fill('3b33', 3, 5, 'hex'), '山田']],
  '\\ISO 2022 IR 149': [[Buffer.from('1b242943d1ced4d7', 'hex'), '吉洞']],
  '': [['only ASCII', 'only ASCII']],
};

export function pick<T>(next: Next, from: readonly T[]): T {
  return from[Math.floor(next() * from.length)]!;
}

function several(next: Next, make: () => Written): Written {
  const parts = Array.from({ length: 1 + Math.floor(next() * 3) }, make);
  const bytes = parts.map(([part]) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part));
  const joined = Buffer.concat(bytes.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from('\\'), part])));
  return [joined, parts.length === 1 ? parts[0]![1] : parts.map(([, value]) => value)];
}

const NUMBERS: Readonly<Record<string, readonly [number, (b: Buffer, isLittle: boolean, next: Next) => unknown]>> = {
  US: [2, (b, le, next) => back(Math.floor(next() * 65536), (v) => (le ? b.writeUInt16LE(v) : b.writeUInt16BE(v)))],
  SS: [
    2,
    (b, le, next) => back(Math.floor(next() * 65536) - 32768, (v) => (le ? b.writeInt16LE(v) : b.writeInt16BE(v))),
  ],
  UL: [4, (b, le, next) => back(Math.floor(next() * 2 ** 32), (v) => (le ? b.writeUInt32LE(v) : b.writeUInt32BE(v)))],
  SL: [
    4,
    (b, le, next) => back(Math.floor(next() * 2 ** 32) - 2 ** 31, (v) => (le ? b.writeInt32LE(v) : b.writeInt32BE(v))),
  ],
  FL: [4, (b, le, next) => back(Math.fround(next() * 1e6), (v) => (le ? b.writeFloatLE(v) : b.writeFloatBE(v)))],
  FD: [8, (b, le, next) => back(next() * 1e9, (v) => (le ? b.writeDoubleLE(v) : b.writeDoubleBE(v)))],
  SV: [8, (b, le, next) => -wide(next, (v) => (le ? b.writeBigInt64LE(-v) : b.writeBigInt64BE(-v)))],
  UV: [8, (b, le, next) => wide(next, (v) => (le ? b.writeBigUInt64LE(v) : b.writeBigUInt64BE(v)))],
};

function back(value: number, write: (value: number) => void): number {
  write(value);
  return value;
}

function wide(next: Next, write: (value: bigint) => void): bigint {
  const value = BigInt(Math.floor(next() * 2 ** 31)) * (next() < 0.5 ? 1n : 2n ** 31n);
  write(value);
  return value;
}

const json = (value: unknown) =>
  typeof value !== 'bigint' ? value : value > 2n ** 53n || value < -(2n ** 53n) ? String(value) : Number(value);

function numbers(next: Next, vr: string, isLittle: boolean): Written {
  const [unitBytes, write] = NUMBERS[vr]!;
  const count = 1 + Math.floor(next() * 4);
  const bytes = Buffer.alloc(count * unitBytes);
  const values = Array.from({ length: count }, (_, i) => json(write(bytes.subarray(i * unitBytes), isLittle, next)));
  return [bytes, count === 1 ? values[0] : values];
}

function tagValue(next: Next, isLittle: boolean): Written {
  const [group, number] = [Math.floor(next() * 65536), Math.floor(next() * 65536)];
  const bytes = Buffer.alloc(4);
  for (const [at, part] of [
    [0, group],
    [2, number],
  ] as const) {
    if (isLittle) bytes.writeUInt16LE(part, at);
    else bytes.writeUInt16BE(part, at);
  }
  return [bytes, (group * 65536 + number).toString(16).toUpperCase().padStart(8, '0')];
}

function bytesValue(next: Next): Written {
  const count = 2 * Math.floor(next() * 40);
  const bytes = Buffer.from(Array.from({ length: count }, () => Math.floor(next() * 256)));
  return [bytes, count === 0 ? null : count > 64 ? undefined : { base64: bytes.toString('base64') }];
}

/** Bytes of a value and what a record says of it; `undefined`: it is bulk. */
export function valueFor(next: Next, vr: string, isLittle: boolean, characterSet: string): Written {
  if (next() < 0.1) return ['', null];
  if (vr in NUMBERS) return numbers(next, vr, isLittle);
  if (vr === 'AT') return tagValue(next, isLittle);
  if (vr[0] === 'O' || vr === 'UN') return bytesValue(next);
  const plain: Readonly<Record<string, readonly Written[]>> = {
    AE: [['STORE', 'STORE']],
    AS: [['042Y', '042Y']],
    CS: [
      ['ORIGINAL', 'ORIGINAL'],
      ['A 1', 'A 1'],
    ],
    DA: [['20200229', '20200229']],
    DT: [['20200229120000.123456', '20200229120000.123456']],
    TM: [['235959.5', '235959.5']],
    UI: [
      ['1.2.840.113619', '1.2.840.113619'],
      ['1.2.3', '1.2.3'],
    ],
    UR: [['https://example.org/a', 'https://example.org/a']],
    DS: [
      ['1.5', 1.5],
      ['-2e-3', -0.002],
      ['0', 0],
    ],
    IS: [
      ['-12', -12],
      ['7', 7],
    ],
  };
  const options = plain[vr] ?? TEXTS[characterSet]!;
  const isSingle = ['ST', 'LT', 'UT', 'UR'].includes(vr);
  return isSingle ? pick(next, options) : several(next, () => pick(next, options));
}
