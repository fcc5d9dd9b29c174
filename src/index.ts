export type { Chunk } from './bytes/chunk.ts';
export { type FileInputOptions, openFile } from './bytes/file-input.ts';
export type { Input } from './bytes/input.ts';
export { MemoryInput, type MemoryInputOptions } from './bytes/memory-input.ts';
export * from './errors.ts';
export * from './formats/index.ts';
export * from './records.ts';
export * from './units.ts';
