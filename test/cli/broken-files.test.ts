import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { dicomFile, element } from '../formats/dicom/dicom-writer.ts';
import { tempFolder } from '../support/temp.ts';
import { framedFiles, records, run } from './run.ts';

const whole = dicomFile([
  element(0x00080020, 'DA', Buffer.from('20240229')),
  element(0x00100010, 'PN', Buffer.from('Doe^Jane')),
  element(0x00100020, 'LO', Buffer.from('red\u001b[31m ')),
]);

for (const jobs of ['0', '2']) {
  test(`--jobs ${jobs}: a cut file among whole ones is partial, the others are whole, exit 3`, async (t) => {
    const folder = tempFolder(t);
    for (const name of ['a.dcm', 'c.dcm']) writeFileSync(join(folder, name), whole);
    writeFileSync(join(folder, 'b.dcm'), whole.subarray(0, whole.length - 6));
    const { code, stdout, stderr } = await run(['extract', '--jobs', jobs, '.'], { cwd: folder });
    const files = framedFiles(records(stdout));
    const statuses = [...files].map(([file, found]) => `${file} ${found.at(-1)!.status}`).sort();
    t.deepEqual(statuses, ['a.dcm ok', 'b.dcm partial', 'c.dcm ok']);
    t.like(files.get('b.dcm')!.at(-2), { kind: 'issue', code: 'ERR_TRUNCATED_INPUT' });
    t.regex(stderr, /^tidegate: b\.dcm: ERR_TRUNCATED_INPUT at byte \d+: .+\n$/);
    t.is(code, 3);
    t.is((await run(['extract', '--quiet', '--jobs', jobs, '.'], { cwd: folder })).stderr, '');
  });

  test(`--jobs ${jobs}: --tags takes these only, --format forces the reader`, async (t) => {
    const folder = tempFolder(t);
    writeFileSync(join(folder, 'a.dcm'), whole);
    const options = ['extract', '--jobs', jobs, 'a.dcm'];
    const tagged = await run([...options, '--tags', 'PatientName,00100020'], { cwd: folder });
    const names = records(tagged.stdout).flatMap((record) => (record.kind === 'field' ? [record.name] : []));
    t.deepEqual(names, ['PatientName', 'PatientID']);
    t.notRegex(tagged.stdout, /\u001b/);
    const forced = await run([...options, '--format', 'binary'], { cwd: folder });
    t.deepEqual([...new Set(records(forced.stdout).map(({ format }) => format))], ['binary']);
    const unfit = await run(['extract', '--jobs', jobs, '--format', 'dicom', '-'], { input: 'no DICOM at all' });
    t.is(unfit.code, 3);
    t.is(framedFiles(records(unfit.stdout)).get('-')!.at(-1)!.status, 'failed');
  });

  test(`--jobs ${jobs}: standard input, plain and gzipped, gives the records of the file`, async (t) => {
    const folder = tempFolder(t);
    writeFileSync(join(folder, 'a.dcm'), whole);
    const values = (stdout: string) => records(stdout).flatMap(({ name, value }) => (name ? [`${name} ${value}`] : []));
    const file = await run(['extract', '--jobs', jobs, join(folder, 'a.dcm')]);
    const piped = await run(['extract', '--jobs', jobs, '-'], { input: whole });
    const gzipped = await run(['extract', '--jobs', jobs, '-'], { input: gzipSync(whole) });
    t.true(values(file.stdout).includes('PatientName Doe^Jane'));
    t.deepEqual(values(piped.stdout), values(file.stdout));
    t.deepEqual(values(gzipped.stdout), values(file.stdout));
    t.deepEqual([file.code, piped.code, gzipped.code], [0, 0, 0]);
  });
}
