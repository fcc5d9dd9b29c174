import type { ExtractionRecord } from '../../../src/records.ts';
import {
  BIG,
  dicomFile,
  EXPLICIT,
  element,
  encapsulated,
  IMPLICIT,
  item,
  meta,
  type Syntax,
  sequence,
  UID,
  uint16,
} from './dicom-writer.ts';

function elements(syntax: Syntax): Buffer[] {
  const { isLittle } = syntax;
  const code = item([element(0x00080100, 'SH', 'A', syntax)], true, isLittle);
  const open = item(
    [element(0x00080102, 'SH', 'DCM', syntax), sequence(0x0040a170, [code], false, syntax)],
    false,
    isLittle,
  );
  return [
    element(0x00080060, 'CS', 'MR', syntax),
    sequence(0x00082112, [open, code], true, syntax),
    element(0x00100010, 'PN', 'Doe^Jane', syntax),
    sequence(0x00400275, [open], false, syntax),
    element(0x00280010, 'US', uint16(512, isLittle), syntax),
  ];
}

/** Five small files; `parts` are their top-level elements, the meta group as one. */
export const FILES: Readonly<
  Record<string, { readonly bytes: Buffer; readonly parts: readonly Buffer[] | undefined }>
> = {
  explicit: file(elements(EXPLICIT), UID.explicit),
  implicit: file(elements(IMPLICIT), UID.implicit),
  'big endian': file(elements(BIG), UID.big),
  encapsulated: file(
    [...elements(EXPLICIT), encapsulated([Buffer.alloc(6, 1), Buffer.alloc(8, 2)], [0, 14])],
    UID.jpeg,
  ),
  deflated: { bytes: dicomFile(elements(EXPLICIT), UID.deflated), parts: undefined },
};

function file(parts: readonly Buffer[], uid: string): { bytes: Buffer; parts: readonly Buffer[] } {
  return { bytes: dicomFile(parts, uid), parts: [meta(uid), ...parts] };
}

/** The records that tell of the file's content. */
export function content(records: readonly ExtractionRecord[]): ExtractionRecord[] {
  return records.filter((record) => record.kind === 'field' || record.kind === 'object' || record.kind === 'sample');
}
