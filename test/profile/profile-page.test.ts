import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { drain } from '../../src/flow/drain.ts';
import { tapProfile } from '../../src/operators/tap-profile.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { ProfileLog } from '../../src/profile/profile-log.ts';
import { profilePage } from '../../src/profile/profile-page.ts';
import { Timeline } from '../../src/profile/timeline.ts';
import { countedSource } from '../../src/testing/counted-source.ts';
import { ROOT } from '../support/root.ts';
import { tempFile, tempFolder } from '../support/temp.ts';

const EVIL = "</script><img src=x onerror=\"document.title='owned'\">'&";

/** A page whose every name was chosen by an enemy. */
async function evilPage(): Promise<string> {
  const timeline = new Timeline({ everyMs: 1 });
  timeline.start();
  const log = new ProfileLog();
  let seen: Profile | undefined;
  const report = (profile: Profile) => {
    seen = profile;
    log.add(profile);
  };
  const source = countedSource('io', 40).pipe(tapProfile(report, { name: EVIL, timeline, sizeOf: () => 100 }));
  await drain(source, () => {});
  const files = [{ path: `a ${EVIL}.dcm`, profile: seen! }];
  return profilePage({ title: `title ${EVIL}`, timeline: timeline.stop(), log, files });
}

test.serial('the page needs nothing from elsewhere, and names are text in it', async (t) => {
  const page = await evilPage();
  t.false(page.includes('<img'));
  t.is(page.match(/<\/script>/g)!.length, 3, 'only its own scripts end');
  t.is(
    page.match(/&lt;img src=x onerror=&quot;/g)!.length,
    5,
    'in the title, the heading, a row of one table and two cells of the other',
  );
  t.notRegex(page, /(src|href)=["']?(https?:)?\/\//);
  t.regex(page, /var uPlot=/);
  const json = /<script type="application\/json" id="timeline">(.*)<\/script>/.exec(page)![1]!;
  const { charts } = JSON.parse(json) as { charts: { title: string; lines: { label: string }[] }[] };
  t.deepEqual(
    charts.map(({ title }) => title),
    ['Memory', 'Throughput in bytes', 'Throughput in items', 'Waiting'],
  );
  t.is(charts[1]!.lines[0]!.label, EVIL);
});

test.serial('a browser draws four charts, and runs nothing of what names say', async (t) => {
  const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => !spawnSync(name, ['--version']).error,
  );
  if (browser === undefined) return t.log('there is no browser here');
  const path = tempFile(t, await evilPage(), 'report.html');
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=3000', '--dump-dom'];
  const profile = `--user-data-dir=${tempFolder(t)}`;
  const options = { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' } as const;
  const { stdout, status } = spawnSync(browser, [...flags, profile, pathToFileURL(path).href], options);
  if (status !== 0) return t.log(`${browser} cannot run here`);
  t.is(stdout.match(/<canvas/g)?.length, 4);
  t.regex(stdout, /<title>title &lt;\/script&gt;/);
  t.false(stdout.includes('<title>owned'));
});

test('without the package it says how to install it', (t) => {
  // the built files in a folder that has everything but uplot
  const folder = tempFolder(t);
  cpSync(join(ROOT, 'build/src'), join(folder, 'src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['rxjs', 'tslib', 'picomatch', 'pidusage']) {
    if (existsSync(join(ROOT, 'node_modules', name))) {
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
  }
  const script = `import { ProfileLog, profilePage, Timeline } from './src/index.js';
    try { profilePage({ title: 'x', timeline: new Timeline().stop(), log: new ProfileLog() }); }
    catch (error) { console.log(error.code, error.message); }`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });
  t.is(
    run.stdout,
    'ERR_MISSING_PEER Cannot find the optional package uplot: install it with "npm install uplot@^1.6.32"\n',
    run.stderr,
  );
});
