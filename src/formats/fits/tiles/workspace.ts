import type { TypedArray } from '../data/typed.ts';

/** Where decoders get the arrays that they fill. */
export type NewArray = <T extends TypedArray>(
  type: new (buffer: ArrayBuffer, offset: number, count: number) => T,
  count: number,
) => T;

/** Arrays that the caller keeps. */
export const freshArray: NewArray = (type, count) => {
  const bytesPerElement = (type as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
  return new type(new ArrayBuffer(count * bytesPerElement), 0, count);
};

/** Arrays of one type share their memory: each is valid until the next one of that type is asked for. */
export function reusedArrays(): NewArray {
  const buffers = new Map<unknown, ArrayBuffer>();
  return (type, count) => {
    const neededBytes = count * (type as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    let buffer = buffers.get(type);
    if (buffer === undefined || buffer.byteLength < neededBytes) {
      buffer = new ArrayBuffer(neededBytes);
      buffers.set(type, buffer);
    }
    return new type(buffer, 0, count);
  };
}
