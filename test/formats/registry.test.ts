import test from 'ava';
import type { Format } from '../../src/formats/format.ts';
import { formatNamed, formats, registerFormat } from '../../src/formats/registry.ts';

const spectrum = (over: Partial<Format> = {}): Format => ({
  name: 'spectrum',
  title: 'Spectrometer dump',
  extensions: ['spc'],
  mediaTypes: ['application/x-spectrum'],
  likelihood: () => 0,
  load: () => Promise.reject(new Error('not asked for')),
  ...over,
});

test('names, media types and titles of the built-in formats are there, each name once', (t) => {
  const names = formats().map(({ name }) => name);
  t.is(new Set(names).size, names.length);
  t.is(names.at(-1), 'binary');
  for (const { name, title, mediaTypes, extensions } of formats()) {
    t.true(title.length > 0 && mediaTypes.length > 0, name);
    for (const extension of extensions) t.regex(extension, /^[a-z0-9_+.]+$/, name);
  }
});

test('no built-in format is certain of nothing, nor of a page of zeros or 0xFF', (t) => {
  for (const head of [Buffer.alloc(0), Buffer.alloc(4096), Buffer.alloc(4096, 0xff), Buffer.alloc(1)]) {
    for (const format of formats()) t.true(format.likelihood(head) < 1, format.name);
  }
});

test('every built-in format answers a number from 0 to 1 for heads of any length', (t) => {
  for (const format of formats()) {
    for (let lengthBytes = 0; lengthBytes <= 600; lengthBytes++) {
      const likelihood = format.likelihood(Buffer.alloc(lengthBytes, lengthBytes));
      t.true(likelihood >= 0 && likelihood <= 1, `${format.name} ${lengthBytes}: ${likelihood}`);
    }
  }
});

test.serial('a registered format is found by name until it is taken out', (t) => {
  const format = spectrum();
  const unregister = registerFormat(format);
  t.is(formatNamed('spectrum'), format);
  t.is(formats()[0], format);
  unregister();
  unregister();
  t.throws(() => formatNamed('spectrum'), { code: 'ERR_FORMAT_UNKNOWN', message: /'spectrum': known are .*binary/ });
});

test.serial('a name that is taken is refused', (t) => {
  t.throws(() => registerFormat(spectrum({ name: 'binary' })), { code: 'ERR_OPTION', message: /'binary' is there/ });
  const unregister = registerFormat(spectrum());
  t.throws(() => registerFormat(spectrum()), { code: 'ERR_OPTION', message: /'spectrum' is there/ });
  unregister();
  t.notThrows(() => registerFormat(spectrum())());
});

test.serial('a format that could not work is refused when it is registered', (t) => {
  const wrong: [Partial<Format>, RegExp][] = [
    [{ name: 'My Format' }, /name/],
    [{ name: undefined as unknown as string }, /name/],
    [{ mediaTypes: [] }, /mediaTypes/],
    [{ extensions: 'spc' as unknown as string[] }, /extensions/],
    [{ likelihood: 1 as unknown as Format['likelihood'] }, /likelihood/],
    [{ load: undefined as unknown as Format['load'] }, /load/],
  ];
  for (const [over, message] of wrong) t.throws(() => registerFormat(spectrum(over)), { code: 'ERR_OPTION', message });
  t.false(formats().some(({ extensions }) => extensions.includes('spc')));
});
