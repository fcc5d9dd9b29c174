import { KiB, MiB } from '../units.ts';
import { freeArrayBuffer } from './free-array-buffer.ts';

/** A slab is cut into blocks of this size, which is that of the largest slot. */
export const BLOCK_BYTES: number = 8 * MiB;
const BLOCK_COUNT = 4;
// glibc maps what is larger than 32 MiB by itself, 16 bytes behind a page: from byte 4080 on everything is page
// aligned. It matters: `rep movsb` copies from the page cache take three times as long to a page + 1..31 bytes.
const ALIGN_BYTES: number = 4 * KiB - 16;
const SLAB_BYTES: number = BLOCK_COUNT * BLOCK_BYTES + MiB;

/** 33 MiB of page-aligned address space; the system gives it memory page by page, as it is touched. */
export class Slab {
  readonly blocks: readonly Block[];
  readonly #memory: ArrayBuffer = new ArrayBuffer(SLAB_BYTES);

  constructor() {
    const offsets = Array.from({ length: BLOCK_COUNT }, (_, index) => ALIGN_BYTES + index * BLOCK_BYTES);
    this.blocks = offsets.map((offset) => new Block(this.#memory, offset));
  }

  /** Nothing of it is on loan. */
  get isIdle(): boolean {
    return this.blocks.every(({ inUseCount }) => inUseCount === 0);
  }

  /** Gives its memory back to the system: at once, or with the last view of what was lost. */
  free(): void {
    if (this.blocks.every(({ lostCount }) => lostCount === 0)) freeArrayBuffer(this.#memory);
  }
}

/** A part of a slab whose slots have one size. */
export class Block {
  /** Bytes of a slot; 0 while no size class has the block. */
  slotBytes = 0;
  carvedCount = 0;
  inUseCount = 0;
  /** Slots that are never lent again: someone may still look at them. */
  lostCount = 0;
  readonly #memory: ArrayBuffer;
  readonly #offset: number;

  constructor(memory: ArrayBuffer, offset: number) {
    this.#memory = memory;
    this.#offset = offset;
  }

  get canCarve(): boolean {
    return (this.carvedCount + 1) * this.slotBytes <= BLOCK_BYTES;
  }

  /** Bytes of the slots that can be lent. */
  get heldBytes(): number {
    return (this.carvedCount - this.lostCount) * this.slotBytes;
  }

  /** Starts anew with slots of another size. */
  assign(slotBytes: number): void {
    this.slotBytes = slotBytes;
    this.carvedCount = 0;
  }

  /** A slot that was not used since `assign`. */
  carve(): Slot {
    const offset = this.#offset + this.carvedCount++ * this.slotBytes;
    return new Slot(Buffer.from(this.#memory, offset, this.slotBytes), this);
  }
}

/** Memory for one lease at a time; without a block it serves only one. */
export class Slot {
  readonly bytes: Buffer;
  readonly block: Block | undefined;
  readonly heldBytes: number;
  /** Who has it. */
  place: string | undefined;

  constructor(bytes: Buffer, block?: Block) {
    this.bytes = bytes;
    this.block = block;
    this.heldBytes = bytes.length;
  }
}
