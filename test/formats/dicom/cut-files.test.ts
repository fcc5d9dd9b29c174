import test from 'ava';

import { issuesOf, pipeOf, readBytes, readInput, statusOf } from './read-dicom.ts';

import { content, FILES } from './small-files.ts';

const PREFIX_BYTES = 132;

/** A cut exactly between two top-level elements cannot be seen: what is left is a whole file. */
function invisibleCuts(parts: readonly Buffer[]): Set<number> {
  let at = PREFIX_BYTES;
  return new Set(parts.map((part) => (at += part.length)));
}

for (const [name, { bytes, parts }] of Object.entries(FILES)) {
  test(`cut at every byte, the ${name} file gives a valid prefix, an issue and an end`, async (t) => {
    const whole = content(await readBytes(t, bytes)).map((record) => JSON.stringify(record));
    const invisible = parts === undefined ? new Set([bytes.length]) : invisibleCuts(parts);
    for (let length = 0; length < bytes.length; length++) {
      const records = await readBytes(t, bytes.subarray(0, length));
      const errors = issuesOf(records).filter((issue) => issue.severity === 'error');
      t.is(statusOf(records) === 'ok', invisible.has(length), `cut at ${length}`);
      t.is(errors.length, invisible.has(length) ? 0 : 1, `cut at ${length}`);
      if (errors.length === 1) t.true(errors[0]!.offset! >= 0 && errors[0]!.offset! <= length, `cut at ${length}`);
      const found = content(records).map((record) => JSON.stringify(record));
      // the value that is cut itself is there without its value
      const last = found.at(-1);
      const isMarked = last !== undefined && last !== whole[found.length - 1];
      t.deepEqual(found.slice(0, isMarked ? -1 : undefined), whole.slice(0, found.length - (isMarked ? 1 : 0)));
      if (isMarked) t.true(content(records).at(-1)!.kind !== 'field' || last.includes('"value":null'), last);
    }
  });

  test(`the cut ${name} file says the same over a pipe`, async (t) => {
    for (let length = 1; length < bytes.length; length += 7) {
      const cut = bytes.subarray(0, length);
      const [inMemory, overPipe] = [await readBytes(t, cut), await readInput(t, pipeOf(cut, 50))];
      t.deepEqual(content(overPipe), content(inMemory), `cut at ${length}`);
      t.is(statusOf(overPipe), statusOf(inMemory), `cut at ${length}`);
    }
  });
}
