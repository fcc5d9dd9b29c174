import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { dicomFile, EXPLICIT, element, item, mark, sequence, UID, uint16 } from './dicom-writer.ts';

const UNDEFINED = 0xffffffff;

function image(frames: number): Buffer[] {
  return [
    element(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2.1'),
    element(0x00280002, 'US', uint16(1)),
    element(0x00280008, 'IS', String(frames)),
    element(0x00280010, 'US', uint16(512)),
    element(0x00280011, 'US', uint16(512)),
    element(0x00280100, 'US', uint16(16)),
    element(0x00280103, 'US', uint16(0)),
  ];
}

/** A multi-frame image whose native Pixel Data have the given size; sparse, so that it takes no place on the disk. */
export function writeNative(path: string, pixelBytes: number): void {
  // 32 bits are the length field's own limit: 4 GiB less a frame
  const frameBytes = 512 * 512 * 2;
  const bytes = Math.min(pixelBytes, 2 ** 32 - frameBytes);
  const head = dicomFile([...image(bytes / frameBytes), element(0x7fe00010, 'OW', '', EXPLICIT, bytes)]);
  const fd = openSync(path, 'w');
  writeSync(fd, head);
  ftruncateSync(fd, head.length + bytes);
  closeSync(fd);
}

/** Encapsulated Pixel Data of so many fragments of so many bytes each; sparse. */
export function writeEncapsulated(path: string, count: number, fragmentBytes: number): void {
  const fd = openSync(path, 'w');
  const head = [...image(count), element(0x7fe00010, 'OB', '', EXPLICIT, UNDEFINED), mark(0xe000, 0)];
  let at = writeSync(fd, dicomFile(head, UID.jpeg));
  const itemHead = mark(0xe000, fragmentBytes);
  for (let index = 0; index < count; index++) {
    writeSync(fd, itemHead, 0, 8, at);
    at += 8 + fragmentBytes;
  }
  writeSync(fd, mark(0xe0dd, 0), 0, 8, at);
  closeSync(fd);
}

/** Per-frame functional groups: six items and 15 elements a frame, lengths of both kinds. */
export function writeItems(path: string, frameCount: number): void {
  const fd = openSync(path, 'w');
  writeSync(fd, dicomFile([element(0x00080016, 'UI', '1.2'), element(0x52009230, 'SQ', '', EXPLICIT, UNDEFINED)]));
  const block: Buffer[] = [];
  for (let index = 0; index < frameCount; index++) {
    block.push(frameItem(index));
    if (block.length === 1000 || index === frameCount - 1) writeSync(fd, Buffer.concat(block.splice(0)));
  }
  writeSync(fd, mark(0xe0dd, 0));
  closeSync(fd);
}

function frameItem(index: number): Buffer {
  const isDefined = index % 2 === 0;
  const group = (tag: number, elements: Buffer[]) => sequence(tag, [item(elements, isDefined)], isDefined);
  return item(
    [
      group(0x00209111, [
        element(0x00189074, 'DT', '20200229120000'),
        element(0x00209056, 'SH', '1'),
        element(0x00209057, 'UL', Buffer.alloc(4)),
      ]),
      group(0x00209113, [element(0x00200032, 'DS', `-1.5\\2.5\\${index}`)]),
      group(0x00209116, [element(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
      group(0x00289110, [element(0x00180050, 'DS', '1.5'), element(0x00280030, 'DS', '0.5\\0.5')]),
      group(0x00289132, [
        element(0x00281050, 'DS', '40'),
        element(0x00281051, 'DS', '400'),
        element(0x00281055, 'LO', 'WINDOW1'),
      ]),
    ],
    isDefined,
  );
}

/** A small image, 39 KB, as scanners write them. */
export function smallFile(seed: number): Buffer {
  const text = Array.from({ length: 60 }, (_, i) => element(0x00081000 + 2 * i, 'LO', `value ${i} of ${seed}`));
  const numbers = Array.from({ length: 60 }, (_, i) => element(0x00181000 + 2 * i, 'DS', `${i}.5\\${seed}`));
  const items = Array.from({ length: 20 }, (_, i) =>
    item([element(0x00081150, 'UI', '1.2.3'), element(0x00081155, 'UI', `1.2.${i}`)]),
  );
  const shorts = Array.from({ length: 60 }, (_, i) => element(0x00281000 + 2 * i, 'US', uint16(i)));
  const body = [...text, sequence(0x00082112, items), ...numbers, ...shorts];
  return dicomFile([...body, element(0x7fe00010, 'OW', Buffer.alloc(32 * 1024))]);
}
