import type { BufferPool } from '../memory/buffer-pool.ts';
import { KiB } from '../units.ts';
import { type Chunk, leasedChunk, unpooledChunk } from './chunk.ts';
import { SharedLease } from './shared-lease.ts';

const BLOCK_BYTES = 256 * KiB;

interface WindowBlock {
  readonly offset: number;
  readonly memory: SharedLease;
}

/** The part of a sequential input that can still be read: contiguous bytes, added at the end, dropped at the front. */
export class SequentialWindow {
  /** The first byte that is still there. */
  startOffset = 0;
  /** One past the last byte that is there. */
  endOffset = 0;
  readonly #pool: BufferPool;
  readonly #owner: string;
  #blocks: WindowBlock[] = [];

  constructor(pool: BufferPool, owner: string) {
    this.#pool = pool;
    this.#owner = owner;
  }

  /** Copies the bytes that follow. */
  add(piece: Uint8Array): void {
    for (let done = 0; done < piece.byteLength; ) {
      const { offset, memory } = this.#openBlock();
      const usedBytes = this.endOffset - offset;
      const addedBytes = Math.min(piece.byteLength - done, BLOCK_BYTES - usedBytes);
      memory.bytes.set(piece.subarray(done, done + addedBytes), usedBytes);
      this.endOffset += addedBytes;
      done += addedBytes;
    }
  }

  /** The last block, or a new one if that is full. */
  #openBlock(): WindowBlock {
    const last = this.#blocks.at(-1);
    if (last !== undefined && this.endOffset < last.offset + BLOCK_BYTES) return last;
    const memory = new SharedLease(this.#pool.acquire(BLOCK_BYTES, this.#owner));
    const block = { offset: this.endOffset, memory };
    this.#blocks.push(block);
    return block;
  }

  /** The bytes from `offset` up to `end`, which the window must hold: a view where they lie together, else a copy. */
  chunk(offset: number, end: number): Chunk {
    if (end <= offset) return unpooledChunk(Buffer.alloc(0), offset);
    const blocks = this.#blocks.filter((block) => block.offset + BLOCK_BYTES > offset && block.offset < end);
    const first = blocks[0]!;
    if (blocks.length === 1) return first.memory.chunk(offset - first.offset, end - first.offset, offset);
    const lease = this.#pool.acquire(end - offset, this.#owner);
    for (const block of blocks) {
      const start = Math.max(offset, block.offset);
      const bytes = block.memory.bytes.subarray(start - block.offset, end - block.offset);
      lease.bytes.set(bytes, start - offset);
    }
    return leasedChunk(lease, offset);
  }

  /** Forgets what lies before `offset`. */
  dropBefore(offset: number): void {
    if (offset <= this.startOffset) return;
    this.startOffset = Math.min(offset, this.endOffset);
    const isPast = (block: WindowBlock) => block.offset + BLOCK_BYTES <= this.startOffset;
    while (this.#blocks[0] !== undefined && isPast(this.#blocks[0])) this.#blocks.shift()!.memory.leave();
  }

  /** Forgets everything. */
  clear(): void {
    for (const { memory } of this.#blocks) memory.leave();
    this.#blocks = [];
    this.startOffset = this.endOffset;
  }
}
