import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { random } from '../../support/random.ts';
import { end, readAudio, samples } from './collect.ts';
import { rf64, wav } from './files.ts';

const python = process.env.PYTHON ?? 'python3';

/** RMS, peak and changes of sign of the mean of the channels, by NumPy in double precision. */
const SCRIPT = `
import json, sys
import numpy as np
path, kind, channels, size, hop = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
sound = np.fromfile(path, dtype=kind).astype(np.float64) / (32768 if kind == '<i2' else 1)
mono = sound.reshape(-1, channels).mean(axis=1)
def stats(x):
    signs = np.where(np.abs(x) <= 1e-10, 0, x) < 0
    return [float(np.sqrt(np.mean(x * x))), float(np.max(np.abs(x))), float(np.sum(signs[1:] != signs[:-1]) / len(x))]
print(json.dumps([stats(mono[i:i + size]) for i in range(0, len(mono), hop)]))
`;

for (const [kind, channels] of [
  ['<i2', 1],
  ['<i2', 2],
  ['<i2', 3],
  ['<f4', 2],
] as const) {
  test(`frames of ${channels} channels of ${kind} are those of NumPy`, async (t) => {
    if (spawnSync(python, ['-c', 'import numpy'], { timeout: 30_000 }).status !== 0) {
      t.log('NumPy is not installed: this was NOT tested');
      t.pass();
      return;
    }
    const next = random(channels);
    const values = Array.from({ length: 5000 * channels }, () => Math.round((next() * 2 - 1) * 32_767));
    const sound = kind === '<i2' ? Int16Array.from(values) : Float32Array.from(values, (value) => value / 32_768);
    const bytes = Buffer.from(sound.buffer);
    const folder = mkdtempSync(join(tmpdir(), 'tidegate-numpy-'));
    try {
      const path = join(folder, 'sound.raw');
      writeFileSync(path, bytes);
      for (const [size, hop] of [
        [4096, 4096],
        [512, 200],
        [100, 333],
      ] as const) {
        const args = ['-c', SCRIPT, path, kind, String(channels), String(size), String(hop)];
        const { stdout, stderr } = spawnSync(python, args, { encoding: 'utf8', timeout: 30_000 });
        t.is(stderr, '');
        const theirs = JSON.parse(stdout) as [number, number, number][];
        const parts = { channels, bits: sound.BYTES_PER_ELEMENT * 8, tag: kind === '<i2' ? 1 : 3, sound: bytes };
        for (const file of [wav(parts), rf64(parts)]) {
          const records = await readAudio(file, { frames: { size, hop } });
          const ours = samples(records).map(({ value }) => value as Record<string, number>);
          t.is(end(records).status, 'ok');
          t.is(ours.length, theirs.length);
          const worst = ours.flatMap(({ rms, peak, zeroCrossingRate }, i) =>
            [rms, peak, zeroCrossingRate].map((figure, j) => Math.abs(figure! - theirs[i]![j]!)),
          );
          t.true(Math.max(...worst) <= 1e-6, `${Math.max(...worst)}`);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
