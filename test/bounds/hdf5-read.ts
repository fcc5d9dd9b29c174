// Runs in a child process: reads all records of an HDF5 file and keeps none.
import { openFile } from '../../src/bytes/file-input.ts';
import { reader } from '../../src/formats/hdf5/reader.ts';

const [path = '', what = 'structure'] = process.argv.slice(2);
const input = openFile(path, { isSync: true });
let count = 0;
let status = '';
for await (const batch of reader.read(input, what === 'slices' ? { slices: true } : {})) {
  count += batch.length;
  const last = batch.at(-1);
  if (last?.kind === 'end') status = last.status;
}
await input.close();
console.log(`${count} ${status}`);
