// Runs in a child process: reads a file and tells how many records came, and the peak of its memory.
import { readFileSync } from 'node:fs';
import { openInput } from '../../src/bytes/open-input.ts';
import { audioFormat } from '../../src/formats/audio/format.ts';
import { videoFormat } from '../../src/formats/video/format.ts';

const [path, options, format] = process.argv.slice(2);
let records = 0;
let status = '';
let bytesRead = 0;
if (path) {
  const reader = await (format === 'audio' ? audioFormat : videoFormat).load();
  const input = await openInput(path, { isSync: true });
  for await (const batch of reader.read(input, JSON.parse(options ?? '{}'))) {
    records += batch.length;
    const last = batch.at(-1);
    if (last?.kind === 'end') ({ status, bytesRead } = last);
  }
  await input.close();
}
const peakKiB = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))![1]);
process.stdout.write(JSON.stringify({ peakBytes: peakKiB * 1024, records, status, bytesRead }));
