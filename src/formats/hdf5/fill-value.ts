import type { Value } from './element.ts';
import type { Hdf5File } from './file.ts';
import type { DatasetObject } from './object.ts';
import { findMessage, MESSAGE, type ObjectHeader } from './object-header.ts';
import { resolveMessage } from './shared-message.ts';
import { type Span, subspan } from './span.ts';
import { readValues } from './value.ts';

/** The fill value of a dataset: what elements are that were never written. `undefined`: all zeros. A step. */
export function readFillValue(file: Hdf5File, { header, type }: DatasetObject): Value | undefined {
  const span = fillSpan(file, header);
  return span && readValues(file, type, span)?.[0];
}

function fillSpan(file: Hdf5File, header: ObjectHeader): Span | undefined {
  const message = findMessage(header, MESSAGE.FILL_VALUE);
  if (!message) return readOld(file, header);
  const { span } = resolveMessage(file, message);
  const cursor = file.open(span, 'fill value');
  const start = cursor.at;
  const version = cursor.version(1, 3);
  if (version === 3) {
    if ((cursor.uint8() & 0x20) === 0) return undefined;
  } else {
    cursor.skip(2);
    // Version 1 always has a size, version 2 only when a value is defined.
    if (cursor.uint8() === 0 && version === 2) return undefined;
  }
  const lengthBytes = cursor.uint32();
  if (lengthBytes === 0 || lengthBytes > cursor.remainingBytes) return undefined;
  return subspan(span, cursor.at - start, lengthBytes);
}

/** The message "Fill Value (Old)". */
function readOld(file: Hdf5File, header: ObjectHeader): Span | undefined {
  const message = findMessage(header, MESSAGE.FILL_VALUE_OLD);
  if (!message) return undefined;
  const { span } = resolveMessage(file, message);
  const cursor = file.open(span, 'fill value');
  const lengthBytes = cursor.uint32();
  return lengthBytes === 0 || lengthBytes > cursor.remainingBytes ? undefined : subspan(span, 4, lengthBytes);
}
