/** Bytes that a value keeps in memory, for byte marks and budgets. */
export type SizeOf<T> = (value: T) => number;

interface Sized {
  readonly bytes?: unknown;
  readonly byteLength?: unknown;
}

/** {@link bytesOf}, made safe: whatever `sizeOf` answers, what comes out is a number of at least 0. */
export function safeSize<T>(sizeOf: SizeOf<T>): SizeOf<T> {
  if (sizeOf === bytesOf) return bytesOf;
  return (value) => {
    const bytes = sizeOf(value);
    return bytes > 0 && bytes < Number.POSITIVE_INFINITY ? bytes : 0;
  };
}

/** Bytes of buffers, chunks and strings, the sum over an array of them, else a `byteLength` that is a number; else 0. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    let sum = 0;
    for (const item of value) if (typeof item === 'string' || ArrayBuffer.isView(item)) sum += bytesOf(item);
    return sum;
  }
  const { bytes: view, byteLength = view instanceof Uint8Array ? view.byteLength : 0 } = value as Sized;
  return typeof byteLength === 'number' && byteLength > 0 && byteLength < Number.POSITIVE_INFINITY ? byteLength : 0;
}
