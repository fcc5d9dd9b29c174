/**
 * Where some bytes stand: at `offset` of the file (absolute, the user block included), or, when `bytes` is there,
 * in that memory (a heap block that had to be decoded first; `offset` is then -1).
 */
export interface Span {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly bytes?: Buffer | undefined;
}

/** The part of `span` that begins `start` bytes behind its begin. The caller has checked that it fits. */
export function subspan(span: Span, start: number, lengthBytes: number): Span {
  if (span.bytes) return { offset: -1, lengthBytes, bytes: span.bytes.subarray(start, start + lengthBytes) };
  return { offset: span.offset + start, lengthBytes, bytes: undefined };
}
