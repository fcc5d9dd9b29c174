import { KiB } from '../../../units.ts';
import { KERNEL_BASE64 } from './statistics-wasm.ts';

/** Most bytes of one run: the integer lanes of the kernel hold so many steps. */
export const RUN_BYTES: number = 256 * KiB;
/** Where in the memory a run of pixels stands. */
export const PIXELS_AT: number = 64 * KiB;
/** Where in the memory a run of checksum words stands. */
export const WORDS_AT: number = PIXELS_AT + RUN_BYTES;

/** Where in the memory a batch of rows stands, and its most bytes. */
export const ROWS_AT: number = WORDS_AT + RUN_BYTES;
export const ROWS_BYTES: number = 1024 * KiB;

/** The functions of `statistics.wat`. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  u8(at: number, end: number, blank: number, hasBlank: number): void;
  i16(at: number, end: number, blank: number, hasBlank: number): void;
  i32(at: number, end: number, blank: number, hasBlank: number, pivot: number): void;
  i64(at: number, end: number, blank: bigint, hasBlank: number, pivot: number): void;
  f32(at: number, end: number, pivot: number): void;
  f64(at: number, end: number, pivot: number): void;
  words(at: number, end: number): bigint;
  gather(from: number, stride: number, width: number, count: number, to: number): void;
}

// The part of the global that is used here: its types come with the DOM library only.
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

let module: object | undefined;

/** A kernel with a memory of its own (1.6 MiB): one for each read, which fills it between two waits. */
export function newKernel(): Kernel {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  module ??= new Module(Buffer.from(KERNEL_BASE64, 'base64'));
  return new Instance(module).exports as Kernel;
}
