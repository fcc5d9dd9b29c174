import type { ErrorCode } from '../../errors.ts';
import type { ScanState } from './scan-state.ts';

/**
 * What is told about a data set, in the file's order. The facts of an event stand in the fields of the
 * {@link ScanState}, which are overwritten by the next one: nothing is allocated for an element. Value bytes are a
 * view of a window that is used again; copy what is to be kept.
 */
export interface ScanVisitor {
  /** Is this top-level element (with all that is in it) of interest? */
  selects(tag: number): boolean;
  /** Is the value to be in the window when `element` is called? */
  wantsValue(tag: number, vr: number, lengthBytes: number): boolean;
  /** An element that is no sequence; `valueAt` is -1 if its value is not in the window. */
  element(scan: ScanState): void;
  /** A sequence begins; `itemCount` is `null` where it was not counted. `false`: nothing of it is to be told. */
  openSequence(scan: ScanState): boolean;
  closeSequence(scan: ScanState): void;
  /** An item begins; `index` is its number. */
  openItem(scan: ScanState): void;
  closeItem(scan: ScanState): void;
  /** Encapsulated pixel data begin (PS3.5 A.4); `offset` is that of the first item. `false`: nothing of them is to be told. */
  openFragments(scan: ScanState): boolean;
  /** Is the value of fragment `index` to be in the window? Number 0 is the Basic Offset Table. */
  wantsFragment(index: number, lengthBytes: number): boolean;
  fragment(scan: ScanState): void;
  /** `offset` and `lengthBytes` span all the items. */
  closeFragments(scan: ScanState): void;
  /** The file deviates from the standard and can be read on. */
  warn(scan: ScanState, code: ErrorCode, message: string, offset: number): void;
}
