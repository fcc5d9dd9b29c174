import { DICTIONARY_TABLE } from './dictionary-table.ts';
import { UL, type VrCode } from './vr.ts';

/**
 * What is known of the tags that were asked for lately, each in the place of its hash. The table itself stays the text
 * that it is and is searched by halves: files repeat their tags, and no index has to be built when a process starts.
 */
const PLACE_COUNT = 0x1000;
const TAGS = new Uint32Array(PLACE_COUNT).fill(0xffffffff);
const VR_CODES = new Uint16Array(PLACE_COUNT);
const KEYS: string[] = Array(PLACE_COUNT).fill('FFFFFFFF');
const NAMES: string[] = Array(PLACE_COUNT).fill('');
/** PS3.5 7.6: (50xx,eeee), (60xx,eeee), (7Fxx,eeee) repeat in even groups; (0020,31xx) by its element. */
const REPEATED = /^(?:50|60|7F)[0-9A-F][02468ACE]|^002031/;

/** The place of a tag, which is filled if another tag was there. */
function placeOf(tag: number): number {
  const place = Math.imul(tag, 0x9e3779b1) >>> 20;
  if (TAGS[place] !== tag) fill(place, tag);
  return place;
}

function fill(place: number, tag: number): void {
  const key = tag.toString(16).toUpperCase().padStart(8, '0');
  const row = findRow(key) ?? findRow(repeatedKey(key)) ?? '';
  const isGroupLength = row === '' && (tag & 0xffff) === 0;
  TAGS[place] = tag;
  KEYS[place] = key;
  VR_CODES[place] = row === '' ? (isGroupLength ? UL : 0) : (row.charCodeAt(8) << 8) | row.charCodeAt(9);
  NAMES[place] = row.slice(10);
}

/** The key under which the table has a repeating group or element. */
function repeatedKey(key: string): string | undefined {
  if (!REPEATED.test(key)) return undefined;
  return key.startsWith('0020') ? '002031xx' : `${key.slice(0, 2)}xx${key.slice(4)}`;
}

/** The row of a key in the table, which is in ascending order. */
function findRow(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  let [from, to] = [0, DICTIONARY_TABLE.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const start = DICTIONARY_TABLE.lastIndexOf('\n', middle - 1) + 1;
    const end = DICTIONARY_TABLE.indexOf('\n', start);
    const found = DICTIONARY_TABLE.slice(start, start + 8);
    if (found === key) return DICTIONARY_TABLE.slice(start, end);
    if (found < key) from = end + 1;
    else to = start;
  }
  return undefined;
}

/** VR of a public tag, 0 if unknown; group lengths are UL. May be one of the ambiguous marks of `vr.ts`. */
export function dictionaryVr(tag: number): VrCode {
  return VR_CODES[placeOf(tag)]!;
}

/** PS3.6 keyword of a tag; `''` if it has none. */
export function keywordOf(tag: number): string {
  return NAMES[placeOf(tag)]!;
}

/** `0x0020000E` -> `'0020000E'`. */
export function tagKey(tag: number): string {
  return KEYS[placeOf(tag)]!;
}

/** Tag of a keyword or of `'GGGGEEEE'`; `undefined` if it is neither. */
export function tagOf(keywordOrKey: string): number | undefined {
  if (/^[0-9A-F]{8}$/i.test(keywordOrKey)) return Number.parseInt(keywordOrKey, 16);
  if (!/^\w+$/.test(keywordOrKey)) return undefined;
  const at = new RegExp(`^[0-9A-Fx]{8}..${keywordOrKey}$`, 'm').exec(DICTIONARY_TABLE);
  return at === null ? undefined : Number.parseInt(at[0].slice(0, 8).replace('xx', '00'), 16);
}
