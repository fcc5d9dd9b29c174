import { PRIVATE_DICTIONARY_TABLE } from './private-dictionary-table.ts';
import type { VrCode } from './vr.ts';

/** VRs of one creator's elements: key is the group in the high bits, the element within its block in the low 8. */
export type PrivateBlock = ReadonlyMap<number, VrCode>;

let creators: Map<string, PrivateBlock> | undefined;

/** What is known of the elements of a private creator; `undefined` if nothing is. */
export function privateBlock(creator: string): PrivateBlock | undefined {
  creators ??= new Map(PRIVATE_DICTIONARY_TABLE.trimEnd().split('\n').map(readRow));
  return creators.get(creator);
}

function readRow(row: string): [string, PrivateBlock] {
  const [creator = '', ...groups] = row.split('\t');
  const block = new Map<number, VrCode>();
  for (const [group = '', ...elements] of groups.map((text) => text.split(' '))) {
    for (const element of elements) {
      const key = (Number.parseInt(group, 16) << 8) | Number.parseInt(element.slice(0, 2), 16);
      block.set(key, (element.charCodeAt(2) << 8) | element.charCodeAt(3));
    }
  }
  return [creator, block];
}
