/** The bytes of what a stream gave: a Buffer, any view, an ArrayBuffer, or text as UTF-8. Else throws what it was. */
export function pieceBytes(piece: unknown, encoding: string | null = null): Uint8Array {
  if (encoding !== null) throw new Error(`the stream decodes its bytes as ${encoding}: take setEncoding away`);
  if (piece instanceof Uint8Array) return piece;
  if (ArrayBuffer.isView(piece)) return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
  if (typeof piece === 'string') return Buffer.from(piece);
  throw new Error(`the stream gives values of type ${typeof piece}, not bytes`);
}
