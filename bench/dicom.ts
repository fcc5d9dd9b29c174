// What it costs to read DICOM: many small files, one with many items, one with many fragments.
// node build/bench/dicom.js [rounds]        rivals: dicom-parser, dcmjs; dcmdump and pydicom where installed
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFile } from '../src/bytes/file-input.ts';
import { QuietVisitor } from '../src/formats/dicom/quiet-visitor.ts';
import { reader } from '../src/formats/dicom/reader.ts';
import { Scan, scanAll } from '../src/formats/dicom/scan.ts';
import { Scanner } from '../src/formats/dicom/scanner.ts';
import { toDicomJson } from '../src/formats/dicom/to-dicom-json.ts';
import { smallFile, writeEncapsulated, writeItems } from '../test/formats/dicom/big-files.ts';
import { type Racers, race } from './support/cpu-race.ts';

const FILE_COUNT = 5000;
const FRAME_COUNT = 20_000;
const PYDICOM =
  'import sys,os,pydicom\nfor f in os.scandir(sys.argv[1]): pydicom.dcmread(f.path, stop_before_pixels=True)';

type Job = (path: string) => unknown;

class Counter extends QuietVisitor {
  count = 0;
  override element(): void {
    this.count++;
  }
}

async function records(path: string, use: (record: object) => number): Promise<number> {
  const input = openFile(path, { isSync: true });
  let sum = 0;
  for await (const batch of reader.read(input)) for (const record of batch) sum += use(record);
  await input.close();
  return sum;
}

const jobs: Readonly<Record<string, Job>> = {
  idle: () => {},
  scan: (path) => {
    const input = openFile(path, { isSync: true });
    const scan = new Scan(input, new Scanner(new Counter()));
    scanAll(scan);
    scan.close();
    void input.close();
  },
  records: (path) => records(path, () => 1),
  ndjson: (path) => records(path, (record) => JSON.stringify(record).length),
  model: async (path) => {
    const input = openFile(path, { isSync: true });
    for await (const _ of toDicomJson(input));
    await input.close();
  },
};

/** Rivals are loaded only where they run. */
async function rival(name: string): Promise<Job> {
  if (name === 'dcmjs') {
    const module: string = 'dcmjs'; // it has no types
    const { DicomMessage } = ((await import(module)) as { data: { DicomMessage: DcmjsMessage } }).data;
    return (path) => {
      const { buffer, byteOffset, byteLength } = readFileSync(path);
      DicomMessage.readFile(buffer.slice(byteOffset, byteOffset + byteLength), { untilTag: '7FE00010' });
    };
  }
  const { default: parser } = await import('dicom-parser');
  const parse = (path: string) => parser.parseDicom(readFileSync(path), { untilTag: 'x7fe00010' });
  if (name === 'dicom-parser') return parse;
  return (path) =>
    JSON.stringify(parser.explicitDataSetToJS(parse(path), { omitPrivateAttibutes: false, maxElementLength: 64 }));
}

interface DcmjsMessage {
  readFile(buffer: ArrayBufferLike, options: object): unknown;
}

async function child(name: string, path: string, isFolder: boolean): Promise<void> {
  const job = jobs[name] ?? (await rival(name));
  for (const each of isFolder ? readdirSync(path).map((file) => join(path, file)) : [path]) {
    const done = job(each);
    if (done instanceof Promise) await done;
  }
}

function main(rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'tidegate-bench-'));
  const at = (name: string, kind: string): [string, ...string[]] => [
    process.execPath,
    fileURLToPath(import.meta.url),
    name,
    join(folder, kind),
  ];
  const racers = (kind: string, names: Readonly<Record<string, string>>): Racers =>
    Object.fromEntries(Object.entries(names).map(([title, name]) => [title, at(name, kind)]));
  const all = {
    'tidegate scan': 'scan',
    'tidegate records': 'records',
    'tidegate records as NDJSON': 'ndjson',
    'tidegate toDicomJson': 'model',
    'dicom-parser untilTag': 'dicom-parser',
    'dicom-parser untilTag + JSON': 'dicom-parser-json',
    'dcmjs untilTag': 'dcmjs',
    'bare Node with the bench loaded': 'idle',
  };
  try {
    makeFiles(folder);
    const small = join(folder, 'small');
    race(
      `${FILE_COUNT} files of 39 KB`,
      {
        ...racers('small', all),
        dcmdump: ['dcmdump', '-q', '+sd', small],
        'pydicom stop_before_pixels': ['/usr/bin/python3', '-c', PYDICOM, small],
      },
      'tidegate scan',
      rounds,
    );
    const items = join(folder, 'items.dcm');
    const dcmdump = (path: string): readonly [string, ...string[]] => ['dcmdump', '-q', path];
    race(
      '300,000 elements in 120,000 items',
      { ...racers('items.dcm', all), dcmdump: dcmdump(items) },
      'tidegate scan',
      rounds,
    );
    const fragments = join(folder, 'fragments.dcm');
    const { 'tidegate scan': scan, 'tidegate records': whole } = all;
    const ours = racers('fragments.dcm', {
      'tidegate scan': scan,
      'tidegate records': whole,
      'bare Node with the bench loaded': 'idle',
    });
    race('2 GiB in 20,000 fragments', { ...ours, dcmdump: dcmdump(fragments) }, 'tidegate scan', rounds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeFiles(folder: string): void {
  const small = join(folder, 'small');
  mkdirSync(small);
  for (let index = 0; index < FILE_COUNT; index++) writeFileSync(join(small, `${index}.dcm`), smallFile(index));
  writeItems(join(folder, 'items.dcm'), FRAME_COUNT);
  writeEncapsulated(join(folder, 'fragments.dcm'), FRAME_COUNT, 107_374);
}

const [first = '3', path] = process.argv.slice(2);
if (path === undefined) main(Number(first));
else await child(first, path, path.endsWith('small'));
