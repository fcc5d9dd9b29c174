/** All ones stand for "unknown" (8.2.2). */
export function known(value: number): number {
  return value === 0xffffffff ? 0 : value;
}

/** All ones stand for "unknown" (8.2.2). */
export function knownLong(value: bigint): number {
  return value === 0xffffffffffffffffn ? 0 : Number(value);
}
