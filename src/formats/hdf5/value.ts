import type { Cursor } from './cursor.ts';
import { textAt } from './cursor.ts';
import type { CompoundType, Datatype, ReferenceType, StringType, VlenType } from './datatype.ts';
import type { Hdf5File } from './file.ts';
import { globalHeapObject } from './global-heap.ts';
import { numberReader } from './number.ts';
import type { Span } from './span.ts';

/** A reference to an object, or to a region or attribute of one. */
export interface Reference {
  readonly kind: ReferenceType['kind'];
  /** Address of the object's header; `undefined` for a null reference, or one in an encoding that hides it. */
  readonly address: number | undefined;
}

/**
 * One element as JavaScript has it. Integers of more than 6 bytes are `bigint`; text is `string`; opaque bytes are
 * a copy; an enum is the number it stands for; a sequence or an array type is an array; a compound is a `Map`.
 */
export type Value =
  | number
  | bigint
  | string
  | Buffer
  | Reference
  | null
  | readonly Value[]
  | ReadonlyMap<string, Value>;

/** What a value may cost. Files can make few bytes into many: sequences that all point at the same one. */
export interface ValueLimits {
  /** Elements, those within sequences, arrays and compounds counted. @defaultValue 65,536 */
  readonly maxElements?: number | undefined;
  /** Bytes of text and opaque values. @defaultValue 1 MiB */
  readonly maxBytes?: number | undefined;
}

/**
 * The elements of an attribute, or of a compact or contiguous dataset's value; flat, in C order. `undefined` if
 * they are more than `limits` allow: nothing is cut. A step.
 */
export function readValues(file: Hdf5File, type: Datatype, span: Span, limits: ValueLimits = {}): Value[] | undefined {
  if (type.sizeBytes === 0) return [];
  const count = Math.floor(span.lengthBytes / type.sizeBytes);
  const reader = new ValueReader(file, limits);
  if (count > reader.elementsLeft || span.lengthBytes > reader.bytesLeft * 16) return undefined;
  const cursor = file.open(span, 'value');
  const values = reader.elements(type, cursor, count);
  return reader.isExhausted ? undefined : values;
}

class ValueReader {
  readonly #file: Hdf5File;
  elementsLeft: number;
  bytesLeft: number;

  constructor(file: Hdf5File, limits: ValueLimits) {
    this.#file = file;
    this.elementsLeft = limits.maxElements ?? 65_536;
    this.bytesLeft = limits.maxBytes ?? 2 ** 20;
  }

  get isExhausted(): boolean {
    return this.elementsLeft < 0 || this.bytesLeft < 0;
  }

  elements(type: Datatype, cursor: Cursor, count: number): Value[] {
    const values: Value[] = [];
    this.elementsLeft -= count;
    const read = this.#reader(type);
    for (let index = 0; index < count && !this.isExhausted; index++) values.push(read(cursor.sub(type.sizeBytes)));
    return values;
  }

  #reader(type: Datatype): (element: Cursor) => Value {
    switch (type.class) {
      case 'integer':
      case 'float': {
        const read = numberReader(type);
        return (element) => read(element.bytes, element.at);
      }
      case 'string':
        return (element) => this.#fixedText(type, element);
      case 'enum':
        return this.#reader(type.base);
      case 'array':
        return (element) =>
          this.elements(
            type.base,
            element,
            type.shape.reduce((product, length) => product * length, 1),
          );
      case 'complex':
        return (element) => this.elements(type.base, element, 2);
      case 'compound':
        return (element) => this.#compound(type, element);
      case 'vlen':
        return (element) => this.#sequence(type, element);
      case 'reference':
        return (element) => this.#reference(type, element);
      default:
        return (element) => this.#bytes(element);
    }
  }

  #fixedText(type: StringType, element: Cursor): string {
    this.bytesLeft -= type.sizeBytes;
    const text = textAt(element.bytes, element.at, element.end);
    return type.padding === 'space-padded' ? text.replace(/ +$/, '') : text;
  }

  #bytes(element: Cursor): Buffer {
    this.bytesLeft -= element.remainingBytes;
    return Buffer.from(element.bytes.subarray(element.at, element.end));
  }

  #compound(type: CompoundType, element: Cursor): ReadonlyMap<string, Value> {
    const members = new Map<string, Value>();
    for (const member of type.members) {
      const bytes = element.sub(element.remainingBytes);
      element.at = bytes.at;
      bytes.skip(member.byteOffset);
      members.set(member.name, this.elements(member.type, bytes, 1)[0] ?? null);
    }
    return members;
  }

  /** Spec. IV.A.2.d, class 9: a length, then where the global heap has the elements. */
  #sequence(type: VlenType, element: Cursor): Value {
    const count = element.uint32();
    const address = element.address();
    const index = element.uint32();
    if (count === 0 || address === undefined || (address === 0 && index === 0)) return type.isString ? '' : [];
    const span = globalHeapObject(this.#file, address, index);
    const lengthBytes = count * type.base.sizeBytes;
    if (lengthBytes > span.lengthBytes)
      throw element.malformed(`${count} elements in ${span.lengthBytes} bytes of the heap`);
    if (type.isString) this.bytesLeft -= lengthBytes;
    if (this.bytesLeft < 0 || count > this.elementsLeft + (type.isString ? lengthBytes : 0)) {
      this.elementsLeft = -1;
      return null;
    }
    const cursor = this.#file.open({ ...span, lengthBytes }, 'variable-length value');
    return type.isString ? textAt(cursor.bytes, cursor.at, cursor.end) : this.elements(type.base, cursor, count);
  }

  #reference(type: ReferenceType, element: Cursor): Reference {
    const { kind } = type;
    if (kind === 'object') return { kind, address: this.#nonZero(element.address()) };
    if (kind === 'region') {
      // Where the global heap has the object's address and the selection.
      const collection = element.address();
      const index = element.uint32();
      if (!collection) return { kind, address: undefined };
      const target = this.#file.open(globalHeapObject(this.#file, collection, index), 'region reference');
      return { kind, address: this.#nonZero(target.address()) };
    }
    // HDF5 1.12: type, flags, then the token's length and the token, which in a file is an address.
    element.skip(2);
    const tokenBytes = element.uint8();
    const isHere = kind === 'object2' && tokenBytes === this.#file.superblock.offsetBytes;
    return { kind, address: isHere ? this.#nonZero(element.address()) : undefined };
  }

  #nonZero(address: number | undefined): number | undefined {
    return address === 0 ? undefined : address;
  }
}
