// Runs in a child process that has more memory than its limit before it begins. Prints what the run says of that.
import { drain } from '../../src/flow/drain.ts';
import { mapAsync } from '../../src/operators/map-async.ts';
import { MemoryLimit } from '../../src/profile/memory-limit.ts';
import { fromFile } from '../../src/sources/from-file.ts';
import { KiB, MiB } from '../../src/units.ts';

const [path = ''] = process.argv.slice(2);
const ballast = Buffer.alloc(128 * MiB, 1);
const limit = new MemoryLimit({ maxRssBytes: 64 * MiB, pulseMs: 2 });
const pages = fromFile(path, { chunkBytes: 64 * KiB }).pipe(
  mapAsync(async (chunk) => {
    const { length } = chunk.bytes;
    chunk.release();
    return length;
  }),
);
let waits = 0;
const valve = {
  get isShut() {
    return limit.isShut;
  },
  queues: limit.queues,
  report: limit.report,
  whenOpen: (go: () => void) => {
    waits++;
    return limit.whenOpen(go);
  },
};
let bytes = 0;
const { memory } = await drain(pages, (length) => void (bytes += length), { valve });
console.log(JSON.stringify({ bytes, waits, ballastBytes: ballast.length, memory }));
