import type { Datatype } from '../datatype.ts';

/** The type that elements have when h5wasm hands them over: little-endian where the file has all big-endian. */
export function memoryType(type: Datatype): Datatype {
  const orders = new Set(ordersOf(type));
  return orders.size === 1 && orders.has('big') ? littleEndian(type) : type;
}

function ordersOf(type: Datatype): string[] {
  if (type.class === 'integer' || type.class === 'bitfield') return [type.isBigEndian ? 'big' : 'little'];
  if (type.class === 'float') return [type.byteOrder];
  if (type.class === 'compound') return type.members.flatMap((member) => ordersOf(member.type));
  return type.class === 'array' || type.class === 'enum' || type.class === 'complex' ? ordersOf(type.base) : [];
}

function littleEndian(type: Datatype): Datatype {
  switch (type.class) {
    case 'integer':
    case 'bitfield':
      return { ...type, isBigEndian: false };
    case 'float':
      return { ...type, byteOrder: 'little' };
    case 'array':
    case 'complex':
      return { ...type, base: littleEndian(type.base) };
    case 'compound':
      return { ...type, members: type.members.map((member) => ({ ...member, type: littleEndian(member.type) })) };
    default:
      // An enum too: h5wasm changes the order of its numbers, not of what they stand for.
      return type;
  }
}
