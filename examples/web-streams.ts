/** How do I put Node and Web streams around the operators? Both ways; a slow end holds back the file's reader. */
import { createReadStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { filter, map } from 'rxjs';
import { drain, extract, fromReadable, fromWebStream, toReadable, toWebStream, toWritable } from 'tidegate';

const [path = 'scan.dcm'] = process.argv.slice(2);

// A Node stream in, a Web stream out: the bytes of any Readable are an input, records go to any ReadableStream.
const web = toWebStream(extract(createReadStream(path)).pipe(filter((record) => record.kind === 'field')));
// A Web stream in, a Node stream out.
const lines = fromWebStream(web).pipe(map((field) => `${field.name}\n`));
let count = 0;
const counter = new Writable({
  decodeStrings: false,
  write(line, _encoding, done) {
    count += String(line).length;
    setTimeout(done, 1);
  },
});
await pipeline(toReadable(lines), counter);
console.log(`${count} characters of names`);
// And a Node stream as a source, into a Web stream as a sink.
await drain(
  fromReadable<string>(Readable.from(['a', 'b'])),
  toWritable(new WritableStream({ write: (value) => console.log(value) })),
);
