import test from 'ava';
import { dicomFile, element } from './dicom-writer.ts';
import { fieldsOf, readBytes } from './read-dicom.ts';

const TAG = 0x00091001;
const _CREATOR = element(0x00090010, 'LO', 'TIDEGATE');

test('bytes are carried up to 64, and are bulk beyond', async (t) => {
  const elements = [64, 66].map((count, i) => element(TAG + i, 'OB', Buffer.alloc(count)));
  const [inline, bulk] = fieldsOf(await readBytes(t, dicomFile(elements))).slice(-2);
  t.is(inline?.bulk, undefined);
  t.like(bulk, { bulk: true, value: null, length: 66 });
});

test('numbers are carried up to 1,024, and are bulk beyond', async (t) => {
  const cases = [
    ['US', 2048],
    ['US', 2050],
    ['FD', 8192],
    ['FD', 8200],
  ] as const;
  const elements = cases.map(([vr, count], i) => element(TAG + i, vr, Buffer.alloc(count)));
  elements.push(element(TAG + 4, 'DS', Array(1024).fill('1').join('\\')));
  elements.push(element(TAG + 5, 'DS', Array(1025).fill('1').join('\\')));
  const fields = fieldsOf(await readBytes(t, dicomFile(elements))).slice(-6);
  t.deepEqual(
    fields.map((field) => field.bulk === true),
    [false, true, false, true, false, true],
  );
});

test('text longer than deferBytes is bulk', async (t) => {
  const elements = [element(TAG, 'UT', 'x'.repeat(70_000)), element(TAG + 1, 'UT', 'x'.repeat(100))];
  const bulks = async (deferBytes?: number) =>
    fieldsOf(await readBytes(t, dicomFile(elements), { deferBytes }))
      .slice(-2)
      .map((field) => field.bulk === true);
  t.deepEqual(await bulks(), [true, false]);
  t.deepEqual(await bulks(50), [true, true]);
  t.deepEqual(await bulks(100_000), [false, false]);
});

test('Pixel Data are bulk even if they are short', async (t) => {
  const field = fieldsOf(await readBytes(t, dicomFile([element(0x7fe00010, 'OW', Buffer.alloc(4))]))).at(-1)!;
  t.like(field, { bulk: true, value: null, length: 4, name: 'PixelData' });
});
