import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GiB, KiB } from '../../src/units.ts';
import { dicomFile, EXPLICIT, element } from '../formats/dicom/dicom-writer.ts';

/** How many files of either kind. */
export interface ArchiveSize {
  readonly small: number;
  /** Of 1 GiB each, sparse: pixel data that take no room on the disk. */
  readonly large: number;
}

/** Elements of each file, beside its pixel data. */
const ELEMENTS = 12;

/** Writes DICOM files into folders of 1,000. */
export function makeArchive(folder: string, { small, large }: ArchiveSize): void {
  const elements = Array.from({ length: ELEMENTS }, (_, i) =>
    element(0x00091000 + i, 'LO', Buffer.from(`value number ${i} `)),
  );
  const bytes = dicomFile([...elements, element(0x7fe00010, 'OW', Buffer.alloc(KiB))]);
  for (let i = 0; i < small; i++) {
    if (i % 1000 === 0) mkdirSync(join(folder, `small/${i / 1000}`), { recursive: true });
    writeFileSync(join(folder, `small/${Math.floor(i / 1000)}/${i}.dcm`), bytes);
  }
  mkdirSync(join(folder, 'large'), { recursive: true });
  const head = dicomFile([...elements, element(0x7fe00010, 'OW', '', EXPLICIT, GiB)]);
  for (let i = 0; i < large; i++) {
    const path = join(folder, `large/${i}.dcm`);
    writeFileSync(path, head);
    truncateSync(path, head.length + GiB);
  }
}
