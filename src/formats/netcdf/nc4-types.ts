import type { Datatype } from '../hdf5/index.ts';
import type { NcTypeName } from './nc-type.ts';
import type { Nc4Type } from './nc4-model.ts';

/** What a type is in NetCDF: one of its own, `string`, or one of the user. */
export type Nc4TypeRef =
  | { readonly kind: 'number'; readonly name: NcTypeName }
  | { readonly kind: 'char' | 'string'; readonly name: 'char' | 'string' }
  | { readonly kind: 'user'; readonly name: string; readonly type: Nc4Type };

const SIGNED: Readonly<Record<number, NcTypeName>> = { 1: 'byte', 2: 'short', 4: 'int', 8: 'int64' };
const UNSIGNED: Readonly<Record<number, NcTypeName>> = { 1: 'ubyte', 2: 'ushort', 4: 'uint', 8: 'uint64' };

/** The atomic NetCDF type of a number, as wide as the machine type that holds it; `undefined`: there is none. */
export function atomicName(type: Datatype): NcTypeName | undefined {
  if (type.class === 'integer') {
    const sizeBytes = 2 ** Math.ceil(Math.log2(type.sizeBytes));
    return (type.isSigned ? SIGNED : UNSIGNED)[sizeBytes];
  }
  if (type.class !== 'float') return undefined;
  return type.sizeBytes <= 4 ? 'float' : type.sizeBytes <= 8 ? 'double' : undefined;
}

/** The types of the user, found by the address of their name, or by being equal to what is looked for. */
export class Nc4Types {
  readonly #byAddress = new Map<number, Nc4Type>();
  readonly #byShape = new Map<string, Nc4Type>();

  add(type: Nc4Type): void {
    this.#byAddress.set(type.address, type);
    const key = shapeKey(type.type);
    if (!this.#byShape.has(key)) this.#byShape.set(key, type);
  }

  /** What the type of a variable is in NetCDF: there text of more than one byte is `string`, even of fixed length. */
  ofVariable(type: Datatype, address?: number): Nc4TypeRef | undefined {
    if (type.class === 'string' && type.sizeBytes > 1) return { kind: 'string', name: 'string' };
    return this.find(type, address);
  }

  /** What a type is in NetCDF; `undefined` if NetCDF does not have it, nor the file a name for it. */
  find(type: Datatype, address?: number): Nc4TypeRef | undefined {
    const atomic = atomicName(type);
    if (atomic !== undefined) return { kind: 'number', name: atomic };
    if (type.class === 'string') return { kind: 'char', name: 'char' };
    if (type.class === 'vlen' && type.isString) return { kind: 'string', name: 'string' };
    const named = address === undefined ? undefined : this.#byAddress.get(address);
    const found = named ?? this.#byShape.get(shapeKey(type));
    return found && { kind: 'user', name: found.name, type: found };
  }
}

/** Equal for types that are equal on this machine, whatever their byte order and padding in the file. */
function shapeKey(type: Datatype): string {
  switch (type.class) {
    case 'compound':
      return `{${type.members.map((member) => `${JSON.stringify(member.name)}:${shapeKey(member.type)}`).join()}}`;
    case 'enum':
      return `enum ${shapeKey(type.base)} ${JSON.stringify(type.names)} ${enumKey(type.valueBytes, type.base)}`;
    case 'vlen':
      return type.isString ? 'string' : `vlen ${shapeKey(type.base)}`;
    case 'array':
      return `[${type.shape.join()}]${shapeKey(type.base)}`;
    case 'opaque':
      return `opaque ${type.sizeBytes} ${JSON.stringify(type.tag)}`;
    case 'string':
      return `char ${type.sizeBytes}`;
    default:
      return atomicName(type) ?? `${type.class} ${type.sizeBytes}`;
  }
}

function enumKey(valueBytes: Buffer, base: Datatype): string {
  if (base.class !== 'integer' || !base.isBigEndian) return valueBytes.toString('hex');
  const bytes = Buffer.from(valueBytes);
  for (let at = 0; at < bytes.length; at += base.sizeBytes) bytes.subarray(at, at + base.sizeBytes).reverse();
  return bytes.toString('hex');
}
