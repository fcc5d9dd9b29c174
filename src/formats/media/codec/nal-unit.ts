/** ITU-T H.264 7.4.1 and H.265 7.4.2: a 3 behind two zeros was put in so that no start code shows; takes it out. */
export function rawPayload(unit: Uint8Array): Uint8Array {
  const raw = new Uint8Array(unit.length);
  let count = 0;
  let zeros = 0;
  for (const byte of unit) {
    const isInserted = zeros >= 2 && byte === 3;
    zeros = byte === 0 ? zeros + 1 : 0;
    if (!isInserted) raw[count++] = byte;
  }
  return raw.subarray(0, count);
}
