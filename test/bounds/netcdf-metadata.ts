/** Reads all records of a file: `node netcdf-metadata.js FILE [OPTIONS as JSON]`; prints how many, and the status. */
import { openFile } from '../../src/bytes/file-input.ts';
import { reader } from '../../src/formats/netcdf/reader.ts';

const [path, options = '{}'] = process.argv.slice(2);
const input = openFile(path!, { isSync: true });
let count = 0;
let status = '';
for await (const batch of reader.read(input, JSON.parse(options))) {
  count += batch.length;
  const last = batch.at(-1);
  if (last?.kind === 'end') status = last.status;
}
await input.close();
console.log(`${count} ${status}`);
