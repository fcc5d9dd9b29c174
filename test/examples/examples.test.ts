import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ROOT } from '../support/root.ts';
import { makeSamples } from '../support/samples.ts';

const MAX_LINES = 30;

/** What each example is started with (`SAMPLES` is a folder of sample files), and what it has to print. */
const EXAMPLES: Readonly<Record<string, { readonly args?: readonly string[]; readonly prints: RegExp }>> = {
  'custom-format': { prints: /^gain = 1\.5$/m },
};

let samples: string;
test.before(async () => {
  samples = await makeSamples();
});
test.after.always(() => rmSync(samples, { recursive: true, force: true }));

for (const [name, { args = [], prints }] of Object.entries(EXAMPLES)) {
  test(`examples/${name}.ts runs`, (t) => {
    const script = join(ROOT, 'build/examples', `${name}.js`);
    const given = args.map((arg) => arg.replace('SAMPLES', samples));
    const output = execFileSync(process.execPath, [script, ...given], { cwd: samples, encoding: 'utf8' });
    t.regex(output, prints);
  });
}

test(`every example is run, answers a question in its first line, and has at most ${MAX_LINES} lines`, (t) => {
  const names = readdirSync(join(ROOT, 'examples')).map((name) => name.replace(/\.ts$/, ''));
  t.deepEqual(names.sort(), Object.keys(EXAMPLES).sort());
  for (const name of names) {
    const lines = readFileSync(join(ROOT, 'examples', `${name}.ts`), 'utf8')
      .trimEnd()
      .split('\n');
    t.true(lines.length <= MAX_LINES, `${name}: ${lines.length} lines`);
    t.regex(lines[0]!, /^\/\*\* .*\?/, name);
  }
});
