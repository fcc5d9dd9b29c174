import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { Advisor } from '../../src/memory/advisor.ts';
import { readAdvisor, writeAdvisor } from '../../src/memory/advisor-file.ts';
import { MiB } from '../../src/units.ts';
import { random } from '../support/random.ts';
import { tempFile, tempFolder } from '../support/temp.ts';

/** Peaks of 20 MiB and 2.5 bytes a byte, and up to 30 % more. */
function noisy(next: () => number): (fileBytes: number) => number {
  return (fileBytes) => Math.round((20 * MiB + 2.5 * fileBytes) * (1 + 0.3 * next()));
}

test('a line through what was seen predicts sizes that were not', (t) => {
  const advisor = new Advisor();
  for (let size = 20; size <= 400; size += 20) advisor.observe('raw', size * MiB, 20 * MiB + 2.5 * size * MiB);
  const { interceptBytes, bytesPerByte, marginRatio, samples, isLearned, peakBytes } = advisor.predict(
    'raw',
    390 * MiB,
  );
  t.true(Math.abs(interceptBytes / (20 * MiB) - 1) < 1e-6 && Math.abs(bytesPerByte / 2.5 - 1) < 1e-6);
  t.true(Math.abs(peakBytes / (995 * MiB) - 1) < 1e-5 && marginRatio < 1.00001);
  t.deepEqual({ samples, isLearned }, { samples: 20, isLearned: true });
  const beyond = advisor.predict('raw', 900 * MiB);
  t.true(Math.abs(beyond.marginRatio - 1.5) < 1e-5, 'beyond what was seen more is set aside');
  t.true(advisor.predict('raw', 9000 * MiB).marginRatio < 2.00001, 'up to twice');
});

test('the few large files count where a large one is predicted, though a line misses them', (t) => {
  const advisor = new Advisor();
  const peakOf = (mebibytes: number) => mebibytes ** 1.5 * MiB;
  for (let file = 0; file < 124; file++) advisor.observe('mesh', ((file % 4) + 1) * MiB, peakOf((file % 4) + 1));
  for (const size of [40, 60, 80, 100]) advisor.observe('mesh', size * MiB, peakOf(size));
  for (const size of [50, 70, 90]) {
    const { peakBytes } = advisor.predict('mesh', size * MiB);
    t.true(peakBytes >= peakOf(size) && peakBytes <= 2 * peakOf(size), `${size}: ${peakBytes / peakOf(size)}`);
  }
  t.true(advisor.predict('mesh', 2 * MiB).peakBytes < 40 * MiB);
});

test('of new files no more than one in twenty takes more than predicted, and none much more', (t) => {
  const next = random(7);
  const peakOf = noisy(next);
  const advisor = new Advisor();
  const sizeOf = () => Math.round(64 * 1024 * 4000 ** next());
  for (let file = 0; file < 100; file++) {
    const size = sizeOf();
    advisor.observe('dicom', size, peakOf(size));
  }
  const ratios = Array.from({ length: 2000 }, sizeOf).map(
    (size) => peakOf(size) / advisor.predict('dicom', size).peakBytes,
  );
  t.true(ratios.filter((ratio) => ratio > 1).length <= 100, `${ratios.filter((ratio) => ratio > 1).length} of 2000`);
  t.true(Math.max(...ratios) < 1.1, `${Math.max(...ratios)}`);
  // and it is no waste either: what is set aside is not twice what is taken
  t.true(ratios.reduce((sum, ratio) => sum + ratio) / ratios.length > 0.6);
});

test('with too few files it says that it guesses', (t) => {
  const advisor = new Advisor({ guess: { interceptBytes: MiB, bytesPerByte: 4 } });
  for (let file = 0; file < 4; file++) advisor.observe('fits', MiB, 100 * MiB);
  t.like(advisor.predict('fits', MiB), { peakBytes: 5 * MiB, isLearned: false, samples: 4 });
  advisor.observe('fits', MiB, 100 * MiB);
  t.like(advisor.predict('fits', MiB), { peakBytes: 100 * MiB, isLearned: true, samples: 5 });
});

test('files of one size are put down to the size; peaks that fall with it are put down to the intercept', (t) => {
  const advisor = new Advisor();
  for (let file = 0; file < 8; file++) advisor.observe('same', 10 * MiB, 40 * MiB);
  t.like(advisor.predict('same', 5 * MiB), { peakBytes: 20 * MiB, interceptBytes: 0, bytesPerByte: 4 });
  for (let file = 1; file < 8; file++) advisor.observe('falling', file * MiB, (80 - file) * MiB);
  t.like(advisor.predict('falling', 500 * MiB), { bytesPerByte: 0 });
  t.true(advisor.predict('falling', 500 * MiB).peakBytes >= 78 * MiB);
});

test('what is learned is learned anew when the truth changes', (t) => {
  const advisor = new Advisor();
  for (let file = 1; file < 500; file++) advisor.observe('zarr', file * MiB, 10 * file * MiB);
  for (let file = 1; file < 2000; file++) advisor.observe('zarr', (file % 100) * MiB, 2 * (file % 100) * MiB);
  t.true(advisor.predict('zarr', 100 * MiB).peakBytes < 220 * MiB);
});

test('its state survives a file, and a name that would change objects', async (t) => {
  const path = join(tempFolder(t), 'advisor.json');
  const advisor = await readAdvisor(path);
  const next = random(3);
  const peakOf = noisy(next);
  for (let file = 0; file < 400; file++) {
    for (const name of ['__proto__', 'dicom streamed']) advisor.observe(name, file * MiB, peakOf(file * MiB));
  }
  await writeAdvisor(path, advisor);
  const again = await readAdvisor(path);
  t.deepEqual(again.explain(), advisor.explain());
  t.deepEqual(
    again.explain().map(({ name, samples }) => [name, samples]),
    [
      ['__proto__', 128],
      ['dicom streamed', 128],
    ],
  );
  t.true(readFileSync(path).length < 16_384, 'a small file');
  t.deepEqual(readdirSync(dirname(path)), ['advisor.json']);
});

test('a file that is no state of an advisor is left alone, and named', async (t) => {
  const broken = ['', 'null', '{"version":2,"fits":{}}', '{"version":1,"fits":{"a":{"sums":[1],"last":[]}}}'];
  broken.push('{"version":1,"fits":{"a":{"sums":[1,1,1,1,null],"last":[]}}}', '{"version":1,"fits":{"a":7}}');
  for (const text of broken) {
    const path = tempFile(t, text, 'notes.json');
    const error = await t.throwsAsync(readAdvisor(path), { code: 'ERR_OPTION' });
    t.true(error.message.includes(path));
    t.is(readFileSync(path, 'utf8'), text);
  }
  const folder = tempFolder(t);
  await t.throwsAsync(readAdvisor(folder), { code: 'ERR_INPUT_OPEN' });
  writeFileSync(join(folder, 'file'), '');
  await t.throwsAsync(writeAdvisor(join(folder, 'file', 'advisor.json'), new Advisor()), { code: 'ERR_SINK' });
});

test('it remembers 256 names, the latest', (t) => {
  const advisor = new Advisor();
  for (let file = 0; file < 1000; file++) advisor.observe(`name ${file}`, MiB, MiB);
  t.is(advisor.explain().length, 256);
  t.is(advisor.explain().at(-1)!.name, 'name 999');
});
