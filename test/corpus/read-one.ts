// Runs in a child process: reads a file as a user would, and prints its last record.
import { drain, type ExtractionRecord } from '../../src/index.ts';
import { extract } from '../../src/sources/index.ts';

let last: ExtractionRecord | undefined;
await drain(extract(process.argv[2]!), (record: ExtractionRecord) => {
  last = record;
});
console.log(JSON.stringify(last));
