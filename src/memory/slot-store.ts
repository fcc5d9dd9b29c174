import { KiB } from '../units.ts';
import type { LoanToken, LostLeases } from './lost-leases.ts';
import { BLOCK_BYTES, type Block, Slab, type Slot } from './slab.ts';

const SMALLEST_BYTES = 64 * KiB;

/** The size class of `bytes`: 0 for up to 64 KiB, 7 for up to 8 MiB, more beyond. */
function classIndex(bytes: number): number {
  return bytes <= SMALLEST_BYTES ? 0 : 16 - Math.clz32(bytes - 1);
}

const CLASS_COUNT = classIndex(BLOCK_BYTES) + 1;

/** A slot, and the proof that someone has it. */
export type SlotToken = LoanToken<Slot>;

interface SizeClass {
  readonly free: SlotToken[];
  /** The block that has room for further slots. */
  open: Block | undefined;
}

/** Slots of 64 KiB, 128 KiB ... 8 MiB, carved from slabs when they are first needed, the last used lent first. */
export class SlotStore {
  /** Bytes of all slots, on loan or free. */
  heldBytes = 0;
  readonly #maxBytes: number;
  readonly #lost: LostLeases<Slot>;
  #classes: SizeClass[] = Array.from({ length: CLASS_COUNT }, () => ({ free: [], open: undefined }));
  #slabs: Slab[] = [];

  constructor(maxBytes: number, lost: LostLeases<Slot>) {
    this.#maxBytes = maxBytes;
    this.#lost = lost;
  }

  get freeCount(): number {
    return this.#classes.reduce((sum, { free }) => sum + free.length, 0);
  }

  /** A slot that was used before and has room for `bytes`. */
  reuse(bytes: number): SlotToken | undefined {
    const token = this.#classes[classIndex(bytes)]?.free.pop();
    if (token !== undefined) token.loan.block!.inUseCount++;
    return token;
  }

  /** A new slot with room for `bytes`; `undefined` at the bound, and beyond the largest class. */
  carve(bytes: number): SlotToken | undefined {
    const index = classIndex(bytes);
    const sizeClass = this.#classes[index];
    if (sizeClass === undefined) return undefined;
    const slotBytes = SMALLEST_BYTES << index;
    if (this.heldBytes + slotBytes > this.#maxBytes) this.#reclaim(this.#blocks().filter(isUnused));
    if (this.heldBytes + slotBytes > this.#maxBytes) return undefined;
    if (!sizeClass.open?.canCarve) {
      sizeClass.open = this.#unassignedBlock();
      sizeClass.open.assign(slotBytes);
    }
    this.heldBytes += slotBytes;
    sizeClass.open.inUseCount++;
    return this.#lost.watch(sizeClass.open.carve());
  }

  giveBack(token: SlotToken): void {
    const { block, heldBytes } = token.loan;
    block!.inUseCount--;
    this.#classes[classIndex(heldBytes)]!.free.push(token);
  }

  /** Counts a slot out for good. */
  lose({ block, heldBytes }: Slot): void {
    if (block === undefined) return;
    block.inUseCount--;
    block.lostCount++;
    this.heldBytes -= heldBytes;
  }

  /** Gives the slabs of which nothing is on loan back to the system. */
  trim(): void {
    const idle = this.#slabs.filter((slab) => slab.isIdle);
    this.#reclaim(idle.flatMap(({ blocks }) => blocks));
    this.#slabs = this.#slabs.filter((slab) => !idle.includes(slab));
    for (const slab of idle) slab.free();
  }

  #blocks(): Block[] {
    return this.#slabs.flatMap(({ blocks }) => blocks);
  }

  #unassignedBlock(): Block {
    const block = this.#blocks().find(({ slotBytes }) => slotBytes === 0);
    if (block !== undefined) return block;
    const slab = new Slab();
    this.#slabs.push(slab);
    return slab.blocks[0]!;
  }

  /** Takes blocks away from their size classes. */
  #reclaim(blocks: readonly Block[]): void {
    const taken = new Set(blocks);
    const isTaken = (token: SlotToken) => taken.has(token.loan.block!);
    this.#classes = this.#classes.map(({ free, open }) => {
      for (const token of free.filter(isTaken)) this.#lost.forget(token);
      return {
        free: free.filter((token) => !isTaken(token)),
        open: open !== undefined && taken.has(open) ? undefined : open,
      };
    });
    for (const block of blocks) {
      this.heldBytes -= block.heldBytes;
      block.assign(0);
    }
  }
}

function isUnused({ slotBytes, inUseCount, lostCount }: Block): boolean {
  return slotBytes > 0 && inUseCount === 0 && lostCount === 0;
}
