// What `toString('latin1')` comes down to: a header has thousands of names of ten bytes, and its checks cost as much.
const { latin1Slice } = Buffer.prototype as unknown as {
  latin1Slice: (this: Uint8Array, start: number, end: number) => string;
};

/** A binary string, one character a byte. `start` and `end` lie within `bytes`. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}
