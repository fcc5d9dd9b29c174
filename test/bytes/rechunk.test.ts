import test from 'ava';
import fc from 'fast-check';
import { Rechunker } from '../../src/bytes/rechunk.ts';
import { runs } from '../support/runs.ts';

test('pieces of any size become chunks of one size, in order, and one shorter at the end', (t) => {
  const size = fc.integer({ min: 1, max: 50 });
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 120 })), size, size, (pieces, chunkBytes, laterBytes) => {
      const rechunker = new Rechunker(chunkBytes);
      const chunks: Buffer[] = [];
      for (const [index, piece] of pieces.entries()) {
        if (index === Math.floor(pieces.length / 2)) rechunker.chunkBytes = laterBytes;
        const wanted = rechunker.chunkBytes;
        for (const chunk of rechunker.push(piece)) {
          if (chunk.length !== wanted) throw new Error(`a chunk of ${chunk.length} instead of ${wanted}`);
          chunks.push(Buffer.from(chunk));
        }
        if (rechunker.heldBytes >= wanted) throw new Error('a whole chunk is held');
      }
      const last = rechunker.flush();
      if (last !== undefined) chunks.push(last);
      if (!Buffer.concat(chunks).equals(Buffer.concat(pieces))) throw new Error('other bytes');
      if (rechunker.heldBytes !== 0 || rechunker.flush() !== undefined) throw new Error('bytes stayed behind');
    }),
    { numRuns: runs(5000) },
  );
  t.pass();
});

test('a chunk within one piece is a view of it, not a copy', (t) => {
  const piece = Buffer.alloc(1000);
  const chunks = [...new Rechunker(300).push(piece)];
  t.deepEqual(
    chunks.map(({ length }) => length),
    [300, 300, 300],
  );
  for (const chunk of chunks) t.is(chunk.buffer, piece.buffer);
});

test('a size that cannot be is refused', (t) => {
  t.throws(() => new Rechunker(0), { code: 'ERR_OPTION' });
});
