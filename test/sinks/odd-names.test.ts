import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { loadAll } from '../../src/batch/load-all.ts';
import { postgresDatabase, stopPostgres } from '../support/postgres.ts';
import { tempFolder } from '../support/temp.ts';
import { KILL_TARGETS } from './kill-targets.ts';

test.after.always(stopPostgres);

/** Bytes that are no UTF-8, the end of a line, what CSV and COPY have for themselves, and a name that is like the first. */
const NAMES = [Buffer.from([0x61, 0xff]), 'new\nline', 'tab\tback\\slash', 'a,"b"', '=1+1', 'a%FE'];
/** As records have them. */
const PATHS = ['a%FF', 'new\nline', 'tab\tback\\slash', 'a,"b"', '=1+1', 'a%FE'];

for (const [target, { absent, isOnServer, open, read }] of Object.entries(KILL_TARGETS)) {
  test(`files of any name land in ${target}, once, and are known again`, async (t) => {
    if (absent !== undefined || process.platform !== 'linux') {
      t.log(`not tested: ${absent ?? 'names here are Unicode'}`);
      return t.pass();
    }
    const folder = tempFolder(t);
    const place = isOnServer ? await postgresDatabase(t) : join(folder, `out${target}`);
    if (place === undefined) return;
    const inputs = join(folder, 'in');
    mkdirSync(inputs);
    for (const name of NAMES) {
      writeFileSync(Buffer.concat([Buffer.from(`${inputs}/`), Buffer.from(name as string)]), 'not much');
    }
    const first = await loadAll(inputs, open(place));
    t.is(first.files, NAMES.length);
    const seen = await read(place);
    // The reader of CSV here leaves fields as they are.
    const plain = seen.map(([file]) => (/^".*"$/s.test(file) ? file.slice(1, -1).replaceAll('""', '"') : file));
    t.deepEqual([...new Set(plain)].sort(), PATHS.map((path) => `${inputs}/${path}`).sort());
    t.is(new Set(seen.map((record) => record.join())).size, seen.length);
    t.is((await loadAll(inputs, open(place))).skippedFiles, NAMES.length);
    t.is((await read(place)).length, seen.length);
  });
}
