import { createHash } from 'node:crypto';
import type { SinkUnit } from '../../flow/sink.ts';

/** 128 bits that stand for a unit: short, of one length, and no name to be read in it. */
export function unitDigest({ file, identity }: SinkUnit): string {
  return createHash('sha256').update(`${file}\0${identity}`).digest('base64url').slice(0, 22);
}
