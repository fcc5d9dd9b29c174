import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Digests that the format `binary` can make. `crc32` is that of gzip and PNG (ISO 3309). */
export type DigestName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'sha3-256' | 'blake2b512' | 'crc32';

/** Every {@link DigestName}. */
export const DIGESTS: readonly DigestName[] = [
  'md5',
  'sha1',
  'sha256',
  'sha384',
  'sha512',
  'sha3-256',
  'blake2b512',
  'crc32',
];

/** A digest that grows with each piece of the input. */
export interface RunningDigest {
  readonly name: DigestName;
  /** Takes the next bytes; they are not kept. */
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal of all bytes so far. Once. */
  hex(): string;
}

/** Starts a digest. */
export function startDigest(name: DigestName): RunningDigest {
  if (name === 'crc32') return startCrc32();
  const hash = createHash(name);
  return { name, update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

function startCrc32(): RunningDigest {
  let crc = 0;
  return {
    name: 'crc32',
    update: (bytes) => {
      crc = crc32(bytes, crc);
    },
    hex: () => crc.toString(16).padStart(8, '0'),
  };
}
