import { DICTIONARY_TABLE } from './dictionary-table.ts';
import { UL, type VrCode } from './vr.ts';

/**
 * PS3.6 as flat arrays over one string: a tag is found by open addressing, its keyword is cut out when it is asked
 * for. 5,000 objects would cost 20 times the memory and a millisecond for every start of a worker.
 */
const SLOT_COUNT = 0x4000;
const SLOTS = new Uint16Array(SLOT_COUNT);
const TAGS: number[] = [0];
const VR_CODES: VrCode[] = [0];
const NAME_STARTS: number[] = [0];
const NAME_ENDS: number[] = [0];
/** Keywords and keys that were asked for. */
const NAMES: string[] = [''];
const KEYS: string[] = [''];

for (let at = 0; at < DICTIONARY_TABLE.length; ) {
  const end = DICTIONARY_TABLE.indexOf('\n', at);
  const tag = Number.parseInt(DICTIONARY_TABLE.slice(at, at + 8).replace('xx', '00'), 16);
  const isFirst = rowOf(tag) === 0;
  if (isFirst) {
    let slot = slotOf(tag);
    while (SLOTS[slot] !== 0) slot = (slot + 1) % SLOT_COUNT;
    SLOTS[slot] = TAGS.length;
    TAGS.push(tag);
    VR_CODES.push((DICTIONARY_TABLE.charCodeAt(at + 8) << 8) | DICTIONARY_TABLE.charCodeAt(at + 9));
    NAME_STARTS.push(at + 10);
    NAME_ENDS.push(end);
  }
  at = end + 1;
}

function slotOf(tag: number): number {
  return (Math.imul(tag, 0x9e3779b1) >>> 18) % SLOT_COUNT;
}

function rowOf(tag: number): number {
  for (let slot = slotOf(tag); ; slot = (slot + 1) % SLOT_COUNT) {
    const row = SLOTS[slot]!;
    if (row === 0 || TAGS[row] === tag) return row;
  }
}

/** PS3.5 7.6: groups 50xx and 60xx repeat, as do 7Fxx and elements (0020,31xx); the table has their first tag. */
function firstOfRepeated(tag: number): number {
  const page = tag >>> 24;
  if ((page === 0x50 || page === 0x60 || page === 0x7f) && (tag & 0x10000) === 0) return (tag & 0xff00ffff) >>> 0;
  return tag >>> 8 === 0x002031 ? 0x00203100 : 0;
}

/** Row of a tag in the dictionary; 0 if the standard does not know it. */
function findRow(tag: number): number {
  const row = rowOf(tag);
  if (row !== 0) return row;
  const first = firstOfRepeated(tag);
  return first === 0 || first === tag ? 0 : rowOf(first);
}

/** VR of a public tag, 0 if unknown; group lengths are UL. May be one of the ambiguous marks of `vr.ts`. */
export function dictionaryVr(tag: number): VrCode {
  const row = findRow(tag);
  if (row !== 0) return VR_CODES[row]!;
  return (tag & 0xffff) === 0 ? UL : 0;
}

/** PS3.6 keyword of a tag; `''` if it has none. */
export function keywordOf(tag: number): string {
  if ((tag & 0x10000) !== 0) return '';
  const row = findRow(tag);
  return (NAMES[row] ??= DICTIONARY_TABLE.slice(NAME_STARTS[row], NAME_ENDS[row]));
}

/** `0x0020000E` -> `'0020000E'`. */
export function tagKey(tag: number): string {
  const row = rowOf(tag);
  return row === 0 ? hexKey(tag) : (KEYS[row] ??= hexKey(tag));
}

function hexKey(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}

/** Tag of a keyword or of `'GGGGEEEE'`; `undefined` if it is neither. */
export function tagOf(keywordOrKey: string): number | undefined {
  if (/^[0-9A-F]{8}$/i.test(keywordOrKey)) return Number.parseInt(keywordOrKey, 16);
  if (!/^\w+$/.test(keywordOrKey)) return undefined;
  const at = new RegExp(`^[0-9A-Fx]{8}..${keywordOrKey}$`, 'm').exec(DICTIONARY_TABLE);
  return at === null ? undefined : Number.parseInt(at[0].slice(0, 8).replace('xx', '00'), 16);
}
