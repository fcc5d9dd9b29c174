/** Milliseconds of a frame by the configuration number (RFC 6716 3.1, table 2). */
const SILK = [10, 20, 40, 60];
const HYBRID = [10, 20];
const CELT = [2.5, 5, 10, 20];

/** Milliseconds of an Opus packet, by its first two bytes; `undefined` if they are no packet. */
export function opusMilliseconds(bytes: Buffer): number | undefined {
  const toc = bytes[0];
  if (toc === undefined) return undefined;
  const config = toc >> 3;
  const frameMs = config < 12 ? SILK[config % 4]! : config < 16 ? HYBRID[config % 2]! : CELT[config % 4]!;
  const code = toc & 3;
  if (code < 3) return frameMs * (code === 0 ? 1 : 2);
  return bytes[1] === undefined ? undefined : frameMs * (bytes[1] & 63);
}
