import { DICTIONARY_TABLE } from '../../../src/formats/dicom/dictionary-table.ts';
import { BIG, dicomFile, EXPLICIT, element, IMPLICIT, item, type Syntax, sequence, UID } from './dicom-writer.ts';

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

/** What a record must say. */
export interface Fact {
  readonly kind: 'field' | 'object';
  readonly path: string;
  readonly dtype?: string;
  readonly value?: unknown;
  readonly bulk?: true;
}

/** A random valid file and all that it says. */
export interface RandomFile {
  readonly bytes: Buffer;
  readonly facts: readonly Fact[];
}

type Next = () => number;
type Written = readonly [Buffer | string, unknown];

const TEXTS: Readonly<Record<string, readonly Written[]>> = {
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

const CONTEXT = new Set(['00080005', '00280103', '7FE00008', '7FE00009', '7FE00010', 'FFFEE000']);
const TAGS = new Map<string, number[]>();
for (const row of DICTIONARY_TABLE.split('\n')) {
  const [key, vr] = [row.slice(0, 8), row.slice(8, 10)];
  if (!/^[0-9A-F]{4}[0-9A-F]{4}$/.test(key) || key <= '0007FFFF' || key.endsWith('0000') || CONTEXT.has(key)) continue;
  const tags = TAGS.get(vr) ?? [];
  TAGS.set(vr, tags);
  if (tags.length < 40) tags.push(Number.parseInt(key, 16));
}
const ALL_VRS =
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SS ST SV TM UC UI UL UN UR US UT UV'.split(' ');

function pick<T>(next: Next, from: readonly T[]): T {
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
function valueFor(next: Next, vr: string, isLittle: boolean, characterSet: string): Written {
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

interface Built {
  readonly bytes: Buffer;
  readonly facts: Fact[];
}

class Builder {
  readonly next: Next;
  readonly syntax: Syntax;

  constructor(next: Next, syntax: Syntax) {
    this.next = next;
    this.syntax = syntax;
  }

  /** A data set in ascending order of tags, sequences down to depth 5. */
  dataSet(prefix: string, depth: number, inherited: string): Built {
    const { next } = this;
    const isDeclared = depth === 0 || next() < 0.3;
    const characterSet = isDeclared ? pick(next, Object.keys(TEXTS)) : inherited;
    const parts = new Map<number, Built>();
    if (isDeclared && characterSet !== '') parts.set(0x00080005, this.#characterSet(prefix, characterSet));
    const inForce = isDeclared && characterSet === '' ? inherited : characterSet;
    const count = Math.floor(next() * 8);
    for (let i = 0; i < count; i++) this.#public(parts, prefix, inForce);
    if (depth < 5) for (let i = Math.floor(next() * 3); i > 0; i--) this.#sequence(parts, prefix, depth, inForce);
    if (next() < 0.4) this.#private(parts, prefix, inForce);
    const sorted = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    return { bytes: Buffer.concat(sorted.map((part) => part.bytes)), facts: sorted.flatMap((part) => part.facts) };
  }

  #characterSet(prefix: string, name: string): Built {
    const value = name.includes('\\') ? name.split('\\') : name;
    const bytes = element(0x00080005, 'CS', name, this.syntax);
    return { bytes, facts: [{ kind: 'field', path: `${prefix}00080005`, dtype: 'CS', value }] };
  }

  #leaf(tag: number, vr: string, prefix: string, characterSet: string): Built {
    const [bytes, value] = valueFor(this.next, vr, this.syntax.isLittle, characterSet);
    const path = prefix + tag.toString(16).toUpperCase().padStart(8, '0');
    const fact: Fact = { kind: 'field', path, dtype: vr, value: value === undefined ? null : value };
    const facts = [value === undefined ? { ...fact, bulk: true as const } : fact];
    return { bytes: element(tag, vr, bytes, this.syntax), facts };
  }

  #public(parts: Map<number, Built>, prefix: string, characterSet: string): void {
    const vr = pick(
      this.next,
      ALL_VRS.filter((name) => TAGS.has(name)),
    );
    // an explicit UN of a known tag is read as the dictionary says: that is tested elsewhere
    if (vr === 'UN') return;
    const tag = pick(this.next, TAGS.get(vr)!);
    parts.set(tag, this.#leaf(tag, vr, prefix, characterSet));
  }

  #private(parts: Map<number, Built>, prefix: string, characterSet: string): void {
    const block = 0x10 + Math.floor(this.next() * 0x20);
    const group = 0x0009 + 2 * Math.floor(this.next() * 20);
    const creator = element((group * 65536 + block) >>> 0, 'LO', 'TIDEGATE TEST', this.syntax);
    const key = (group * 65536 + block).toString(16).toUpperCase().padStart(8, '0');
    parts.set(group * 65536 + block, {
      bytes: creator,
      facts: [{ kind: 'field', path: prefix + key, dtype: 'LO', value: 'TIDEGATE TEST' }],
    });
    for (let i = 0; i < 3; i++) {
      const tag = group * 65536 + block * 256 + Math.floor(this.next() * 256);
      const vr = this.syntax.isExplicit ? pick(this.next, ALL_VRS) : 'UN';
      parts.set(tag, this.#leaf(tag, vr, prefix, characterSet));
    }
  }

  #sequence(parts: Map<number, Built>, prefix: string, depth: number, characterSet: string): void {
    const { next, syntax } = this;
    const tag = pick(next, TAGS.get('SQ')!);
    const path = prefix + tag.toString(16).toUpperCase().padStart(8, '0');
    const isDefined = next() < 0.5;
    let isCounted = isDefined;
    const facts: Fact[] = [];
    const items = Array.from({ length: Math.floor(next() * 4) }, (_, index) => {
      const isItemDefined = next() < 0.5;
      if (!isItemDefined) isCounted = false;
      const content = this.dataSet(`${path}[${index}]/`, depth + 1, characterSet);
      facts.push({ kind: 'object', path: `${path}[${index}]` }, ...content.facts);
      return item([content.bytes], isItemDefined, syntax.isLittle);
    });
    if (Buffer.concat(items).length > 16384) isCounted = false;
    const fact: Fact = { kind: 'field', path, dtype: 'SQ', value: isCounted ? items.length : null };
    parts.set(tag, { bytes: sequence(tag, items, isDefined, syntax), facts: [fact, ...facts] });
  }
}

const SYNTAXES: readonly (readonly [string, Syntax])[] = [
  [UID.implicit, IMPLICIT],
  [UID.explicit, EXPLICIT],
  [UID.big, BIG],
  [UID.deflated, EXPLICIT],
];

/** The file of a seed: all VRs and syntaxes, lengths of both kinds, depth 5, character sets, private blocks. */
export function randomFile(seed: number): RandomFile {
  const next = random(seed);
  const [uid, syntax] = SYNTAXES[seed % SYNTAXES.length]!;
  const built = new Builder(next, syntax).dataSet('', 0, '');
  return { bytes: dicomFile([built.bytes], uid), facts: built.facts };
}
