/**
 * Makes the sample files, runs the command `tidegate extract` on their folder, and shows what came out.
 * All of it lands in tidegate-output/.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExtractionRecord } from '../src/records.ts';
import { FileStory, TELLING } from './file-story.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const samples = 'tidegate-output/samples';
const records = 'tidegate-output/records.ndjson';

/** `partial` files make the command end with 3, and one of the samples is cut off on purpose. */
const EXPECTED_CODES: readonly (number | null)[] = [0, 3];

rmSync(join(root, 'tidegate-output'), { recursive: true, force: true });
run('build/scripts/make-samples.js', samples);
const code = run('build/src/cli/bin.js', 'extract', samples, '--to', records);
if (!EXPECTED_CODES.includes(code)) {
  console.error(`tidegate extract ended with ${code}`);
  process.exit(1);
}
await show();

function run(script: string, ...args: string[]): number | null {
  console.log(`\n$ node ${script} ${args.join(' ')}`);
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status;
}

async function show(): Promise<void> {
  const stories = new Map<string, FileStory>();
  const lines = createInterface({ input: createReadStream(join(root, records)) });
  const shown = new Map<string, string>();
  let count = 0;
  for await (const line of lines) {
    const record = JSON.parse(line) as ExtractionRecord;
    const story = stories.get(record.file) ?? new FileStory(record.file);
    stories.set(record.file, story.add(record));
    if (isTelling(record) && !shown.has(record.format)) shown.set(record.format, line);
    count++;
  }
  const rows = [...stories.values()].map((story) => story.row(samples));
  console.log(`\n${count} records of ${rows.length} files are in ${records}:\n`);
  printTable([['FILE', 'FORMAT', 'RECORDS', 'STATUS', 'FOR EXAMPLE'], ...rows]);
  console.log(
    `\nA line is a record, the same shape for every format:\n\n${[...shown.values()].slice(0, 3).join('\n')}\n`,
  );
}

function isTelling(record: ExtractionRecord): boolean {
  return record.kind === 'field' && record.value !== null && TELLING.includes(record.name);
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}
