import { TidegateError } from '../../errors.ts';
import type { Signature } from './signature.ts';

/** What the optional package `file-type` says about the first bytes. `ERR_MISSING_PEER` if it is not installed. */
export async function fileTypeOf(head: Buffer): Promise<Signature | undefined> {
  const { fileTypeFromBuffer } = await loadFileType();
  const found = await fileTypeFromBuffer(head);
  return found === undefined ? undefined : { mediaType: found.mime, title: found.ext };
}

async function loadFileType(): Promise<typeof import('file-type')> {
  try {
    return await import('file-type');
  } catch (cause) {
    const message = "Cannot ask file-type for the signature: install it with 'npm install file-type@^21.3.1'";
    throw new TidegateError('ERR_MISSING_PEER', message, { peer: 'file-type', cause });
  }
}
