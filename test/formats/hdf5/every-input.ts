import { Blob } from 'node:buffer';
import { Readable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import type { Input } from '../../../src/bytes/input.ts';
import { openInput } from '../../../src/bytes/open-input.ts';
import { KiB, MiB } from '../../../src/units.ts';
import { httpServer, serveRanges } from '../../support/http-server.ts';
import { tempFile } from '../../support/temp.ts';

/** Sizes in which bytes come, or are kept. */
export const CHUNK_BYTES: readonly number[] = [KiB, 64 * KiB, MiB];

/** The same bytes from a path (waited for or not), a Buffer, a Blob, a server, and pipes in pieces of every size. */
export async function everyInput(t: ExecutionContext, bytes: Buffer): Promise<Record<string, () => Promise<Input>>> {
  const path = tempFile(t, bytes, 'same');
  const { url } = await httpServer(t, serveRanges(bytes));
  const inputs: Record<string, () => Promise<Input>> = {
    path: async () => openInput(path),
    'path, read at once': async () => openInput(path, { isSync: true }),
    Buffer: async () => openInput(bytes),
    Blob: async () => openInput(new Blob([new Uint8Array(bytes)])),
    server: async () => openInput(url),
  };
  for (const pieceBytes of CHUNK_BYTES) {
    inputs[`pipe, ${pieceBytes} bytes at once`] = async () => openInput(Readable.from(pieces(bytes, pieceBytes)));
  }
  return inputs;
}

function* pieces(bytes: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
