// Runs in a child process: reads a DICOM file into records, one batch at a time, and prints what it saw.
import { openFile } from '../../src/bytes/file-input.ts';
import { readFrames } from '../../src/formats/dicom/read-frames.ts';
import { reader } from '../../src/formats/dicom/reader.ts';
import { toDicomJson } from '../../src/formats/dicom/to-dicom-json.ts';

const [mode = '', path = '', options = '{}'] = process.argv.slice(2);
const input = openFile(path, { isSync: mode === 'sync' });
let count = 0;
let status = '';
if (mode === 'json') for await (const text of toDicomJson(input)) count += text.length;
else if (mode === 'frames') for await (const { bytes } of readFrames(input, JSON.parse(options))) count += bytes.length;
else {
  for await (const batch of reader.read(input, JSON.parse(options))) {
    count += batch.length;
    const last = batch.at(-1);
    if (last?.kind === 'end') status = last.status;
  }
}
console.log(JSON.stringify({ count, status, bytesRead: input.bytesRead }));
await input.close();
