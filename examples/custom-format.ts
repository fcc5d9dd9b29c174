/** How do I teach tidegate a format of my own? One field from a made-up spectrometer. */
import { type Format, MemoryInput, readRecords, registerFormat } from 'tidegate';

const spectrum: Format = {
  name: 'spectrum',
  title: 'Spectrometer dump',
  extensions: ['spc'],
  mediaTypes: ['application/x-spectrum'],
  likelihood: (head) => (head.toString('latin1', 0, 4) === 'SPC1' ? 1 : 0),
  load: async () => ({
    read: (input, options = {}) =>
      readRecords(input, { name: 'spectrum', mediaType: 'application/x-spectrum' }, options, async function* (out) {
        const chunk = await input.read(4, 4, options.signal);
        const value = chunk.bytes.readFloatLE();
        chunk.release();
        out.field({ path: 'gain', key: 'gain', name: 'gain', dtype: 'float32', value, offset: 4, length: 4 });
        yield;
      }),
  }),
};

registerFormat(spectrum);
// From here on `extract` and the command find it. Here its reader runs by itself:
const input = new MemoryInput(Buffer.from('SPC1\0\0\xc0\x3f', 'latin1'), { name: 'a.spc' });
for await (const batch of (await spectrum.load()).read(input)) {
  for (const record of batch) if (record.kind === 'field') console.log(`${record.name} = ${record.value}`);
}
