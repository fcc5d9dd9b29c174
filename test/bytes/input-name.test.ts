import test from 'ava';
import { urlName } from '../../src/bytes/input-name.ts';

const cases: [string, string][] = [
  ['https://user:secret@host/a%20b.fits#hdu', 'https://host/a%20b.fits'],
  [
    'https://host/x?X-Amz-Signature=1&X-Amz-Credential=2&X-Amz-Security-Token=3&versionId=7',
    'https://host/x?versionId=7',
  ],
  ['https://host/x?sv=2024&sig=abc', 'https://host/x?sv=2024'],
  ['https://host/x?access_token=1&apikey=2&token=3&q=tokens', 'https://host/x?q=tokens'],
  ['http://host:8080/x?page=2', 'http://host:8080/x?page=2'],
];
for (const [url, name] of cases) {
  test(`${url} is shown as ${name}`, (t) => {
    t.is(urlName(new URL(url)), name);
  });
}
