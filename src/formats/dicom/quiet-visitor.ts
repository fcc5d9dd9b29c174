import type { ErrorCode } from '../../errors.ts';
import type { ScanState } from './scan-state.ts';
import type { ScanVisitor } from './scan-visitor.ts';

/** A visitor that looks at everything and does nothing: the base of those that want few of the events. */
export class QuietVisitor implements ScanVisitor {
  selects(_tag: number): boolean {
    return true;
  }
  wantsValue(_tag: number, _vr: number, _lengthBytes: number): boolean {
    return false;
  }
  element(_scan: ScanState): void {}
  openSequence(_scan: ScanState): boolean {
    return true;
  }
  closeSequence(_scan: ScanState): void {}
  openItem(_scan: ScanState): void {}
  closeItem(_scan: ScanState): void {}
  openFragments(_scan: ScanState): boolean {
    return true;
  }
  wantsFragment(_index: number, _lengthBytes: number): boolean {
    return false;
  }
  fragment(_scan: ScanState): void {}
  closeFragments(_scan: ScanState): void {}
  warn(_scan: ScanState, _code: ErrorCode, _message: string, _offset: number): void {}
}
