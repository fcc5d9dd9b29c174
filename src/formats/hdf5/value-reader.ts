import type { Cursor } from './cursor.ts';
import type {
  CompoundType,
  Datatype,
  FloatType,
  IntegerType,
  ReferenceType,
  StringType,
  VlenType,
} from './datatype.ts';
import type { Reference, Value } from './element.ts';
import type { Hdf5File } from './file.ts';
import { globalHeapObject } from './global-heap.ts';
import { numberReader } from './number.ts';
import type { Span } from './span.ts';
import { decodeText, textEnd } from './text.ts';

/** Plain numbers that `cursor` stands at. */
export function numbers(type: IntegerType | FloatType, cursor: Cursor, count: number): Value[] {
  const read = numberReader(type);
  const { sizeBytes } = type;
  const values = new Array<Value>(count);
  for (let index = 0; index < count; index++) values[index] = read(cursor.view, cursor.take(sizeBytes));
  return values;
}

/** One for each value that is no plain number, so its members are like those of `Cursor`. */
export class ValueReader {
  declare readonly file: Hdf5File;
  declare elementsLeft: number;
  declare bytesLeft: number;

  constructor(file: Hdf5File, elementsLeft: number, bytesLeft: number) {
    this.file = file;
    this.elementsLeft = elementsLeft;
    this.bytesLeft = bytesLeft;
  }

  get isExhausted(): boolean {
    return this.elementsLeft < 0 || this.bytesLeft < 0;
  }

  elements(type: Datatype, cursor: Cursor, count: number): Value[] {
    this.elementsLeft -= count;
    if (this.isExhausted) return [];
    if (type.class === 'integer' || type.class === 'float') return numbers(type, cursor, count);
    const values = new Array<Value>(count);
    for (let index = 0; index < count && !this.isExhausted; index++) values[index] = this.element(type, cursor);
    return values;
  }

  element(type: Datatype, cursor: Cursor): Value {
    switch (type.class) {
      case 'integer':
      case 'float':
        return numberReader(type)(cursor.view, cursor.take(type.sizeBytes));
      case 'string':
        return this.fixedText(type, cursor);
      case 'enum':
        return this.element(type.base, cursor);
      case 'array':
        return this.elements(
          type.base,
          cursor,
          type.shape.reduce((product, length) => product * length, 1),
        );
      case 'complex':
        return this.elements(type.base, cursor, 2);
      case 'compound':
        return this.compound(type, cursor);
      case 'vlen':
        return this.sequence(type, cursor);
      case 'reference':
        return this.reference(type, cursor.sub(type.sizeBytes));
      default:
        return this.bytes(cursor.sub(type.sizeBytes));
    }
  }

  fixedText(type: StringType, cursor: Cursor): string {
    this.bytesLeft -= type.sizeBytes;
    const text = cursor.text(type.sizeBytes);
    return type.padding === 'space-padded' ? text.replace(/ +$/, '') : text;
  }

  bytes(element: Cursor): Buffer {
    this.bytesLeft -= element.remainingBytes;
    return Buffer.from(element.bytes.subarray(element.at, element.end));
  }

  compound(type: CompoundType, cursor: Cursor): ReadonlyMap<string, Value> {
    const members = new Map<string, Value>();
    const start = cursor.take(type.sizeBytes);
    for (const member of type.members) {
      this.elementsLeft--;
      cursor.at = start + member.byteOffset;
      members.set(member.name, this.element(member.type, cursor));
    }
    cursor.at = start + type.sizeBytes;
    return members;
  }

  /** Spec. IV.A.2.d, class 9: a length, then where the global heap has the elements. */
  sequence(type: VlenType, cursor: Cursor): Value {
    const count = cursor.uint32();
    const address = cursor.address();
    const index = cursor.uint32();
    if (count === 0 || !address) return type.isString ? '' : [];
    const span = globalHeapObject(this.file, address, index);
    const lengthBytes = count * type.base.sizeBytes;
    if (lengthBytes > span.lengthBytes)
      throw cursor.malformed(`${count} elements in ${span.lengthBytes} bytes of the heap`);
    if (type.isString) return this.heapText(span, lengthBytes);
    if (count > this.elementsLeft) {
      this.elementsLeft = -1;
      return null;
    }
    return this.elements(type.base, this.file.open({ offset: span.offset, lengthBytes }, 'sequence'), count);
  }

  heapText(span: Span, lengthBytes: number): string | null {
    this.bytesLeft -= lengthBytes;
    if (this.bytesLeft < 0) return null;
    const { bytes, offset } = this.file.page({ offset: span.offset, lengthBytes, bytes: undefined }, 'text');
    const start = span.offset - offset;
    return decodeText(bytes, start, textEnd(bytes, start, start + lengthBytes));
  }

  reference(type: ReferenceType, element: Cursor): Reference {
    const { kind } = type;
    if (kind === 'object') return { kind, address: this.nonZero(element.address()) };
    if (kind === 'region') {
      // Where the global heap has the object's address and the selection.
      const collection = element.address();
      const index = element.uint32();
      if (!collection) return { kind, address: undefined };
      const target = this.file.open(globalHeapObject(this.file, collection, index), 'region reference');
      return { kind, address: this.nonZero(target.address()) };
    }
    // HDF5 1.12: type, flags, then the token's length and the token, which in a file is an address.
    element.skip(2);
    const tokenBytes = element.uint8();
    const isHere = kind === 'object2' && tokenBytes === this.file.superblock.offsetBytes;
    return { kind, address: isHere ? this.nonZero(element.address()) : undefined };
  }

  nonZero(address: number | undefined): number | undefined {
    return address === 0 ? undefined : address;
  }
}
