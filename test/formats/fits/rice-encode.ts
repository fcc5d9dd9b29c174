const FS_BITS: Readonly<Record<number, readonly [number, number]>> = { 1: [3, 6], 2: [4, 14], 4: [5, 25] };

/** RICE_1 in the plain way, bit by bit: the counterpart of the decoder under test. */
export function riceEncode(values: ArrayLike<number>, pixelBytes: number, blockPixels: number): Uint8Array {
  const [fsBits, fsMost] = FS_BITS[pixelBytes]!;
  const pixelBits = 8 * pixelBytes;
  const bits: number[] = [];
  const put = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) bits.push(Math.floor(value / 2 ** i) % 2);
  };
  const range = 2 ** pixelBits;
  put((values[0]! + range) % range, pixelBits);
  let last = values[0]!;
  for (let at = 0; at < values.length; at += blockPixels) {
    const mapped: number[] = [];
    for (let i = at; i < Math.min(at + blockPixels, values.length); i++) {
      // The difference in the two's complement of a pixel, signs folded into the lowest bit
      const wrapped = (values[i]! - last + 2 * range) % range;
      const difference = wrapped >= range / 2 ? wrapped - range : wrapped;
      mapped.push(difference >= 0 ? 2 * difference : -2 * difference - 1);
      last = values[i]!;
    }
    if (mapped.every((value) => value === 0)) {
      put(0, fsBits);
      continue;
    }
    const mean = mapped.reduce((sum, value) => sum + value, 0) / mapped.length;
    const fs = Math.max(0, Math.floor(Math.log2(mean / 2 + 1)));
    put(Math.min(fs, fsMost) + 1, fsBits);
    for (const value of mapped) {
      if (fs >= fsMost) put(value, pixelBits);
      else {
        for (let zeros = Math.floor(value / 2 ** fs); zeros > 0; zeros--) bits.push(0);
        bits.push(1);
        put(value % 2 ** fs, fs);
      }
    }
  }
  while (bits.length % 8 !== 0) bits.push(0);
  return Uint8Array.from({ length: bits.length / 8 }, (_, i) =>
    bits.slice(8 * i, 8 * i + 8).reduce((byte, bit) => 2 * byte + bit, 0),
  );
}
