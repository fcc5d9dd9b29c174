import type { Hdf5File } from '../file.ts';
import { heapText, readLocalHeap } from '../local-heap.ts';
import { unsupported } from '../malformed.ts';
import type { Message } from '../object-header.ts';

/** More pieces than these are not read. */
const MAX_PIECES = 64;

/** A piece of a dataset's elements that another file has. */
export interface ExternalPiece {
  /** Of the file, as written. */
  readonly name: string;
  /** Where in that file it begins. */
  readonly offset: number;
  /** Beyond any file: up to its end. */
  readonly lengthBytes: number;
}

/** Where other files have a dataset's elements (spec. IV.A.2.h, "External Data Files"), in their order. A step. */
export function readExternalPieces(file: Hdf5File, message: Message): ExternalPiece[] {
  const cursor = file.open(message, 'external files');
  cursor.version(1);
  cursor.skip(5);
  const count = cursor.uint16();
  if (count > MAX_PIECES) throw unsupported('external files', `${count} of them`, cursor.offset);
  const heap = readLocalHeap(file, cursor.address());
  const pieces: ExternalPiece[] = [];
  for (let index = 0; index < count; index++) {
    const name = heapText(file, heap, cursor.length());
    pieces.push({ name, offset: cursor.length(), lengthBytes: cursor.length() });
  }
  return pieces;
}
