/** 1,024 bytes. */
export const KiB = 1024;
/** 1,024 KiB. */
export const MiB: number = 1024 * KiB;
/** 1,024 MiB. */
export const GiB: number = 1024 * MiB;

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: KiB,
  kb: 1000,
  kib: KiB,
  m: MiB,
  mb: 1e6,
  mib: MiB,
  g: GiB,
  gb: 1e9,
  gib: GiB,
  t: 1024 * GiB,
  tb: 1e12,
  tib: 1024 * GiB,
};

/** `'64MiB'` -> 67108864; `'1.5 GB'` -> 1500000000; a bare `K M G T` is binary. `undefined` if it is no size. */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const unit = UNITS[match[2]!.toLowerCase()];
  if (unit === undefined) return undefined;
  const bytes = Math.floor(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `67108864` -> `'64.0 MiB'`. */
export function formatBytes(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let power = 0;
  let value = bytes;
  while (value >= 1024 && power < names.length - 1) {
    value /= 1024;
    power++;
  }
  return power === 0 ? `${bytes} B` : `${value.toFixed(1)} ${names[power]}`;
}
