import { DICTIONARY_TABLE } from '../../../src/formats/dicom/dictionary-table.ts';
import { BIG, dicomFile, EXPLICIT, element, IMPLICIT, item, type Syntax, sequence, UID } from './dicom-writer.ts';
import { type Next, pick, random, TEXTS, valueFor } from './random-values.ts';

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
