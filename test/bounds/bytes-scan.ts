// Runs in a child process: reads all of an input the way a source does, one chunk at a time. Imports only what it
// needs: modules count too.
import { openFile } from '../../src/bytes/file-input.ts';
import type { Input } from '../../src/bytes/input.ts';
import { KiB } from '../../src/units.ts';

const [kind = '', path = '', chunkKiB = '256'] = process.argv.slice(2);

const inputs: Record<string, () => Input | Promise<Input>> = {
  file: () => openFile(path),
  'file-sync': () => openFile(path, { isSync: true }),
  http: async () => (await import('../../src/bytes/open-input.ts')).openInput(path),
  async gzip() {
    const { inflateInput } = await import('../../src/bytes/inflate-input.ts');
    return inflateInput(openFile(path), { maxInflateRatio: Number.POSITIVE_INFINITY });
  },
};
const input = await inputs[kind]!();
let offset = 0;
for (;;) {
  const chunk = await input.read(offset, Number(chunkKiB) * KiB);
  const { length } = chunk.bytes;
  chunk.release();
  if (length === 0) break;
  offset += length;
}
await input.close();
console.log(offset);
