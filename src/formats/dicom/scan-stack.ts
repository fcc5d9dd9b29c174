import type { PrivateBlock } from './private-dictionary.ts';
import type { Encoding } from './transfer-syntax.ts';

/** What a level of the stack is. */
export const ROOT = 0;
export const SEQUENCE = 1;
export const ITEM = 2;
export const FRAGMENTS = 3;

/**
 * The containers that are open, from the data set inwards, as parallel arrays: nesting that the file controls costs
 * no recursion, and an item no object. A level also knows what its data set has said about itself.
 */
export class ScanStack {
  /** Index of the innermost level; 0 is the data set. */
  depth = 0;
  /** The innermost level: what it is, where it ends (`Infinity`: at a delimiter), how it is written. */
  kind: number = ROOT;
  end: number = Number.POSITIVE_INFINITY;
  isExplicit = true;
  isLittle = true;
  /** Tag of the sequence, by level; 0 for data sets. */
  readonly tags: number[] = [0];
  /** Items opened so far, by level of a sequence. */
  readonly counts: number[] = [0];
  /** SpecificCharacterSet in force, by level. */
  readonly characterSets: string[] = [''];
  readonly #kinds: number[] = [ROOT];
  readonly #ends: number[] = [Number.POSITIVE_INFINITY];
  readonly #explicit: boolean[] = [true];
  readonly #little: boolean[] = [true];
  readonly #signed: boolean[] = [false];
  readonly #creators: (Map<number, PrivateBlock | undefined> | undefined)[] = [undefined];

  /** Opens a container inside the innermost one; it inherits character set and sign of the pixels. */
  push(kind: number, tag: number, end: number, isExplicit: boolean, isLittle: boolean): void {
    const depth = ++this.depth;
    this.#kinds[depth] = this.kind = kind;
    this.#ends[depth] = this.end = end;
    this.#explicit[depth] = this.isExplicit = isExplicit;
    this.#little[depth] = this.isLittle = isLittle;
    this.tags[depth] = tag;
    this.counts[depth] = 0;
    this.characterSets[depth] = this.characterSets[depth - 1]!;
    this.#signed[depth] = this.#signed[depth - 1]!;
    this.#creators[depth] = undefined;
  }

  /** Closes the innermost container. */
  pop(): void {
    const depth = --this.depth;
    this.kind = this.#kinds[depth]!;
    this.end = this.#ends[depth]!;
    this.isExplicit = this.#explicit[depth]!;
    this.isLittle = this.#little[depth]!;
  }

  /** The innermost data set turns out to be written so. */
  setEncoding(encoding: Encoding): void {
    this.#explicit[this.depth] = this.isExplicit = encoding.isExplicit;
    this.#little[this.depth] = this.isLittle = encoding.isLittle;
  }

  /** (0008,0005) of the innermost data set. */
  get characterSet(): string {
    return this.characterSets[this.depth]!;
  }

  set characterSet(value: string) {
    this.characterSets[this.depth] = value;
  }

  /** (0028,0103) of the innermost data set, or of the nearest around it that has one. */
  get isSigned(): boolean {
    return this.#signed[this.depth]!;
  }

  set isSigned(value: boolean) {
    this.#signed[this.depth] = value;
  }

  /** PS3.5 7.8.1: block (gggg,xx00-xxFF) of this data set, and of no other, belongs to a creator. */
  reserve(group: number, block: number, creator: PrivateBlock | undefined): void {
    const creators = (this.#creators[this.depth] ??= new Map());
    creators.set((group << 8) | block, creator);
  }

  /** VR of a private element by its creator; `undefined` where nothing is known. */
  privateVr(tag: number): number | undefined {
    const group = tag >>> 16;
    const creator = this.#creators[this.depth]?.get((group << 8) | ((tag >>> 8) & 0xff));
    return creator?.get((group << 8) | (tag & 0xff));
  }

  /** Sequences that are open. */
  get nesting(): number {
    return (this.depth + 1) >> 1;
  }
}
