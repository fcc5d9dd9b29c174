import { TidegateError } from '../../errors.ts';
import { padded } from './classic-cursor.ts';
import type { ClassicVariable } from './classic-model.ts';

/** Where the data of a classic file lie, gathered variable by variable, without holding them. */
export class ClassicLayout {
  readonly #file: string;
  #fixedEnd = 0;
  #recordVariableCount = 0;
  #paddedRecordBytes = 0;
  #lastSlabBytes = 0;
  #firstBegin = Number.POSITIVE_INFINITY;
  #recordBegin = Number.POSITIVE_INFINITY;
  #firstRecordEnd = 0;
  #overlap: string | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes the next variable of the header into account. */
  add(variable: ClassicVariable): void {
    const end = variable.begin + variable.slabBytes;
    this.#firstBegin = Math.min(this.#firstBegin, variable.begin);
    const previousEnd = variable.isRecord ? this.#firstRecordEnd : this.#fixedEnd;
    if (variable.begin < previousEnd) {
      this.#overlap ??= `its data begin at byte ${variable.begin}, those before it end at byte ${previousEnd}`;
    }
    if (!variable.isRecord) {
      this.#fixedEnd = end;
      return;
    }
    this.#recordVariableCount++;
    this.#paddedRecordBytes += padded(variable.slabBytes);
    this.#lastSlabBytes = variable.slabBytes;
    this.#recordBegin = Math.min(this.#recordBegin, variable.begin);
    this.#firstRecordEnd = end;
  }

  /**
   * Bytes from one record to the next. Specification, note on padding: in the special case of only one record
   * variable, no padding is used between its record slabs.
   */
  get recordBytes(): number {
    return this.#recordVariableCount === 1 ? this.#lastSlabBytes : this.#paddedRecordBytes;
  }

  /** The byte behind the last value, padding not counted. */
  endOffset(recordCount: number): number {
    if (this.#recordVariableCount === 0 || recordCount === 0) return this.#fixedEnd;
    return Math.max(this.#fixedEnd, this.#firstRecordEnd + (recordCount - 1) * this.recordBytes);
  }

  /** The byte behind the padding of the last value: a complete file ends here. */
  paddedEndOffset(recordCount: number): number {
    if (recordCount > 0 && this.#recordVariableCount === 1) return this.endOffset(recordCount);
    return padded(this.endOffset(recordCount));
  }

  /** Whole records in a file of this size: what STREAMING leaves to its reader. */
  recordsIn(sizeBytes: number): number {
    if (this.recordBytes === 0 || sizeBytes < this.#firstRecordEnd) return 0;
    return 1 + Math.floor((sizeBytes - this.#firstRecordEnd) / this.recordBytes);
  }

  /** `ERR_MALFORMED` if data lie within the header, within each other, or beyond 2^53. */
  check(headerEnd: number, recordCount: number): void {
    if (this.#firstBegin < headerEnd) {
      throw this.#malformed(`data begin at byte ${this.#firstBegin}, the header ends at byte ${headerEnd}`, headerEnd);
    }
    if (this.#overlap !== undefined) throw this.#malformed(this.#overlap, headerEnd);
    if (this.#recordBegin < this.#fixedEnd) {
      throw this.#malformed(`records begin at byte ${this.#recordBegin}, before other data end`, headerEnd);
    }
    if (!Number.isSafeInteger(this.endOffset(recordCount))) {
      throw this.#malformed(`${recordCount} records would end beyond 2^53`, headerEnd);
    }
  }

  #malformed(seen: string, offset: number): TidegateError {
    return new TidegateError('ERR_MALFORMED', `Cannot place the variables: ${seen}`, { file: this.#file, offset });
  }
}
