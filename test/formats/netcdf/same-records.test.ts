import { Blob } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import type { Input } from '../../../src/bytes/input.ts';
import { openInput } from '../../../src/bytes/open-input.ts';
import { KiB, MiB } from '../../../src/units.ts';
import { httpServer, serveRanges } from '../../support/http-server.ts';
import { runs } from '../../support/runs.ts';
import { type ClassicContent, classicFile, type TypeName } from './classic-file.ts';
import { comparable, end, issues, PipeInput, readAll } from './read.ts';

const TYPE_NAMES: readonly TypeName[] = ['byte', 'char', 'short', 'int', 'float', 'double'];
const name = fc.string({ minLength: 1, maxLength: 12 });
const attribute = fc.oneof(
  fc.tuple(name, fc.constant('char' as const), fc.string({ maxLength: 300 })),
  fc.tuple(name, fc.constant('double' as const), fc.array(fc.double(), { maxLength: 40 })),
  fc.tuple(name, fc.constant('short' as const), fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 40 })),
);
const attributes = fc.array(attribute, { maxLength: 8 });

/** Small files of every shape: record and fixed variables, all types, padding. */
const content: fc.Arbitrary<ClassicContent> = fc
  .record({
    version: fc.constantFrom(1 as const, 2 as const, 5 as const),
    recordCount: fc.integer({ min: 0, max: 40 }),
    lengths: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
    attributes,
    variables: fc.array(
      fc.record({
        name,
        type: fc.constantFrom(...TYPE_NAMES),
        isRecord: fc.boolean(),
        dimensions: fc.array(fc.nat(2), { maxLength: 2 }),
        attributes,
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ version, recordCount, lengths, attributes: globals, variables }) => ({
    version,
    recordCount,
    attributes: globals,
    dimensions: [['time', 0] as const, ...lengths.map((length, index) => [`d${index}`, length] as const)],
    variables: variables.map((variable) => {
      const inner = variable.dimensions.map((id) => (id % lengths.length) + 1);
      const count = inner.reduce((product, id) => product * lengths[id - 1]!, variable.isRecord ? recordCount : 1);
      return {
        name: variable.name,
        type: variable.type,
        attributes: variable.attributes,
        dimensions: variable.isRecord ? [0, ...inner] : inner,
        values: Array.from({ length: count }, (_, index) => (index * 7) % 100),
      };
    }),
  }));

/** Everything that the bytes may come from, but a pipe. */
async function otherInputs(bytes: Buffer, path: string, url: string): Promise<Input[]> {
  await writeFile(path, bytes);
  return [
    await openInput(path),
    await openInput(path, { isSync: true }),
    await openInput(new Blob([bytes])),
    await openInput(Readable.from([bytes.subarray(0, 100), bytes.subarray(100)].filter((part) => part.length > 0))),
    await openInput(url),
  ];
}

test('the records do not depend on the kind of input, nor on the size of its chunks', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'netcdf-'));
  t.teardown(() => rm(directory, { recursive: true }));
  let served: Buffer = Buffer.alloc(0);
  const { url } = await httpServer(t, (request, response, attempt) => serveRanges(served)(request, response, attempt));
  const property = fc.asyncProperty(content, fc.boolean(), async (wanted, values) => {
    const bytes = classicFile(wanted);
    served = bytes;
    const options = { slices: { values }, cf: true };
    const expected = await readAll(bytes, options);
    t.is(end(expected).status, 'ok', JSON.stringify(issues(expected)));
    for (const chunkBytes of [KiB, 64 * KiB, MiB]) {
      const piped = await readAll(new PipeInput(bytes, 1 + (chunkBytes % 1000)), { ...options, chunkBytes });
      t.deepEqual(comparable(piped), comparable(expected));
      t.deepEqual(comparable(await readAll(bytes, { ...options, chunkBytes })), comparable(expected));
    }
    for (const input of await otherInputs(bytes, join(directory, 'a.nc'), url)) {
      const records = await readAll(input, options);
      t.deepEqual(comparable(records), comparable(expected), input.name);
      await input.close();
    }
  });
  await fc.assert(property, { numRuns: runs(200) });
});

test('a pipe that is cut gives the same records as a file that is cut', async (t) => {
  const bytes = classicFile({
    version: 2,
    recordCount: 3,
    dimensions: [
      ['time', 0],
      ['x', 5],
    ],
    variables: [
      { name: 'a', type: 'short', dimensions: [0, 1], values: Array.from({ length: 15 }, (_, index) => index) },
      { name: 'b', type: 'double', dimensions: [1], values: [1, 2, 3, 4, 5] },
    ],
  });
  for (let length = 0; length <= bytes.length; length++) {
    for (const slices of [false, true]) {
      const cut = bytes.subarray(0, length);
      const piped = await readAll(new PipeInput(cut, 7), { slices });
      t.deepEqual(comparable(piped), comparable(await readAll(cut, { slices })));
    }
  }
});
