import type { SinkUnit } from '../../flow/sink.ts';
import type { ByteTarget } from '../targets/byte-target.ts';
import { CompressedTarget } from '../targets/compressed-target.ts';
import type { Compressor } from '../targets/compression.ts';
import type { AppendTarget } from './append-target.ts';

/** A target that commits units. */
export interface UnitTarget extends ByteTarget {
  readonly isNew: boolean;
  has(unit: SinkUnit): boolean;
  commit(units: readonly SinkUnit[]): Promise<void>;
}

/**
 * Compression in front of a file that grows: each commit ends a member (RFC 1952, 2.2; RFC 8878, 3: frames), so the
 * file can be cut back to where one ended, and what follows begins a new one.
 */
export class MemberTarget implements UnitTarget {
  readonly name: string;
  readonly #target: AppendTarget;
  readonly #compressor: Compressor;
  #signal: AbortSignal | undefined;
  #member: CompressedTarget | undefined;

  constructor(target: AppendTarget, compressor: Compressor) {
    this.name = target.name;
    this.#target = target;
    this.#compressor = compressor;
  }

  get bufferedBytes(): number {
    return this.#member?.bufferedBytes ?? this.#target.bufferedBytes;
  }

  get isNew(): boolean {
    return this.#target.isNew;
  }

  has(unit: SinkUnit): boolean {
    return this.#target.has(unit);
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#signal = signal;
    await this.#target.start();
  }

  async write(piece: string | Uint8Array): Promise<void> {
    await (this.#member ??= await this.#begin()).write(piece);
  }

  async commit(units: readonly SinkUnit[]): Promise<void> {
    // A file without any member would not be a compressed file.
    if (this.isNew) this.#member ??= await this.#begin();
    const member = this.#member;
    this.#member = undefined;
    await member?.close();
    await this.#target.commit(units);
  }

  async close(): Promise<void> {
    await this.#member?.abort(undefined);
    await this.#target.close();
  }

  async abort(reason: unknown): Promise<void> {
    await this.#member?.abort(reason);
    await this.#target.abort();
  }

  async #begin(): Promise<CompressedTarget> {
    const { name, bufferedBytes } = this.#target;
    const write = (piece: string | Uint8Array) => this.#target.write(piece);
    // The file outlives the member.
    const rest = { start: () => {}, close: () => {}, abort: () => {} };
    const member = new CompressedTarget({ name, bufferedBytes, write, ...rest }, this.#compressor());
    await member.start(this.#signal!);
    return member;
  }
}
