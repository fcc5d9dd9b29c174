import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dicomFile, element } from '../test/formats/dicom/dicom-writer.ts';
import { contest, printOutcomes } from './support/contest.ts';

// What the command costs beside a bare Node, and what worker threads cost and save.
const node = process.execPath;
const bin = fileURLToPath(new URL('../src/cli/bin.js', import.meta.url));

const starts = [
  { name: 'node -e 0', command: [node, '-e', '0'] },
  { name: 'tidegate --help', command: [node, bin, '--help'] },
  { name: 'tidegate --version', command: [node, bin, '--version'] },
  { name: 'tidegate formats', command: [node, bin, 'formats'] },
];
printOutcomes('Start, 21 rounds', contest(starts, 21));

const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
try {
  const elements = Array.from({ length: 120 }, (_, i) => element(0x00091000 + i, 'LO', Buffer.from(`value ${i} `)));
  const pixels = element(0x7fe00010, 'OW', Buffer.alloc(32_768));
  const file = dicomFile([...elements, pixels]);
  for (let i = 0; i < 5000; i++) writeFileSync(join(folder, `${i}.dcm`), file);
  const extracts = ['0', '1', '2'].map((jobs) => ({
    name: `extract --jobs ${jobs}`,
    command: [node, bin, 'extract', '--jobs', jobs, folder],
  }));
  printOutcomes('5,000 DICOM files of 35 KB with 120 elements', contest(extracts, 5));
} finally {
  rmSync(folder, { recursive: true });
}
