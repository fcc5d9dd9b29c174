import { closeSync, openSync, writeSync } from 'node:fs';
import { attribute, dataset, dataspace, hardLink, header, INT32, linkInfo, RawFile, u32 } from './raw-file.ts';

/** Writes a file of so many groups of the new style, each of 1,000 datasets with an attribute, one group in memory. */
export function writeManyObjects(path: string, groupCount: number): void {
  const file = openSync(path, 'w');
  const made = new RawFile();
  let written = writeSync(file, Buffer.alloc(48));
  const place = (bytes: Buffer) => {
    const address = written;
    written += writeSync(file, bytes);
    return address;
  };
  const scale = attribute('scale', INT32, dataspace(), u32(3));
  const bytes = dataset(0, [4], 16, scale);
  const links: Buffer[] = [];
  for (let group = 0; group < groupCount; group++) {
    const block = place(Buffer.concat(Array.from({ length: 1000 }, () => bytes)));
    const members = Array.from({ length: 1000 }, (_, index) => hardLink(`d${index}`, block + index * bytes.length));
    links.push(hardLink(`g${group}`, place(header(linkInfo(), ...members))));
  }
  const root = place(header(linkInfo(), ...links));
  writeSync(file, made.bytes(root, written), 0, 48, 0);
  closeSync(file);
}
