import { openInput } from '../bytes/open-input.ts';
import { drain } from '../flow/drain.ts';
import { fromPull } from '../flow/from-pull.ts';
import { cdlBytes } from '../formats/netcdf/cdl.ts';
import { toWritable } from '../sinks/to-writable.ts';
import { EXIT } from './exit-code.ts';
import { printable } from './printable.ts';

/** `tidegate cdl`: the header of one NetCDF file as `ncdump -h` prints it, to the byte. Throws what ended it. */
export async function runCdl(path: string): Promise<number> {
  const input = await openInput(path);
  try {
    const show = process.stdout.isTTY ? escaped : (part: Buffer) => part;
    const parts = fromPull(async function* (signal) {
      for await (const part of cdlBytes(input, { signal })) yield show(part);
    });
    await drain(parts, toWritable(process.stdout));
  } finally {
    await input.close();
  }
  return EXIT.ok;
}

/** On a terminal the names and texts of a file must not move the cursor. */
function escaped(part: Buffer): Buffer {
  return Buffer.from(part.toString().replace(/[^\n\t]+/g, printable));
}
