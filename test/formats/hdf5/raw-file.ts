import { lookup3 } from '../../../src/formats/hdf5/checksum.ts';

/** Makes HDF5 files byte by byte (superblock 2, headers 2), also those that no library would write. */
export class RawFile {
  readonly #parts: Buffer[] = [Buffer.alloc(48)];
  #sizeBytes = 48;

  /** Appends a structure; gives its address. */
  add(bytes: Buffer): number {
    const address = this.#sizeBytes;
    this.#parts.push(bytes);
    this.#sizeBytes += bytes.length;
    return address;
  }

  /** The address that the next structure gets. */
  get nextAddress(): number {
    return this.#sizeBytes;
  }

  /** The whole file. `endAddress` is what its superblock says of its size. */
  bytes(rootAddress: number, endAddress: number = this.#sizeBytes): Buffer {
    const head = Buffer.from('\x89HDF\r\n\x1a\n\x02\x08\x08\x00', 'latin1');
    const block = withChecksum(Buffer.concat([head, u64(0), UNDEFINED, u64(endAddress), u64(rootAddress)]));
    return Buffer.concat([block, ...this.#parts.slice(1)]);
  }
}

export const UNDEFINED: Buffer = Buffer.alloc(8, 0xff);

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** The bytes with their checksum behind them. */
export function withChecksum(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, u32(lookup3(bytes, 0, bytes.length))]);
}

/** A message of an object header. */
export function message(type: number, body: Buffer, flags = 0): Buffer {
  return Buffer.concat([Buffer.from([type]), u16(body.length), Buffer.from([flags]), body]);
}

/** An object header, version 2. */
export function header(...messages: Buffer[]): Buffer {
  const body = Buffer.concat(messages);
  return withChecksum(Buffer.concat([Buffer.from('OHDR\x02\x02', 'latin1'), u32(body.length), body]));
}

/** What makes a header that of a group without a heap. */
export function linkInfo(): Buffer {
  return message(2, Buffer.concat([Buffer.from([0, 0]), UNDEFINED, UNDEFINED]));
}

/** A hard link. */
export function hardLink(name: string, address: number): Buffer {
  const text = Buffer.from(name);
  return message(6, Buffer.concat([Buffer.from([1, 0, text.length]), text, u64(address)]));
}

/** The datatype `<i4`. */
export const INT32: Buffer = Buffer.concat([Buffer.from([0x10, 0x08, 0, 0]), u32(4), u16(0), u16(32)]);

/** Text of variable length. */
export const VLEN_TEXT: Buffer = Buffer.concat([
  Buffer.from([0x19, 0x01, 0, 0]),
  u32(16),
  Buffer.from([0x13, 0, 0, 0]),
  u32(1),
]);

/** A simple dataspace. */
export function dataspace(...shape: number[]): Buffer {
  return Buffer.concat([Buffer.from([2, shape.length, 0, shape.length === 0 ? 0 : 1]), ...shape.map(u64)]);
}

/** An attribute, version 3. */
export function attribute(name: string, type: Buffer, space: Buffer, value: Buffer): Buffer {
  const text = Buffer.from(`${name}\0`);
  const head = Buffer.concat([
    Buffer.from([3, 0]),
    u16(text.length),
    u16(type.length),
    u16(space.length),
    Buffer.from([1]),
  ]);
  return message(0x0c, Buffer.concat([head, text, type, space, value]));
}

/** A contiguous dataset of `<i4`. */
export function dataset(address: number, shape: number[], lengthBytes: number, ...more: Buffer[]): Buffer {
  const layout = Buffer.concat([Buffer.from([3, 1]), u64(address), u64(lengthBytes)]);
  return header(message(1, dataspace(...shape)), message(3, INT32), message(8, layout), ...more);
}

/** A local heap of these texts at `address`, its data behind it; and where in the data each of them begins. */
export function localHeap(address: number, texts: readonly string[]): { bytes: Buffer; starts: number[] } {
  const starts: number[] = [];
  let data = Buffer.alloc(8);
  for (const text of texts) {
    starts.push(data.length);
    data = Buffer.concat([data, Buffer.from(`${text}\0`)]);
  }
  const head = [Buffer.from('HEAP\0\0\0\0', 'latin1'), u64(data.length), u64(1), u64(address + 32)];
  return { bytes: Buffer.concat([...head, data]), starts };
}

/** Where another file has a piece of a dataset's elements. */
export interface ExternalPiece {
  readonly name: string;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** A file whose dataset `/outside`, of `<i4`, has its elements in other files. */
export function fileOfExternalData(shape: number[], pieces: readonly ExternalPiece[]): Buffer {
  const file = new RawFile();
  const heap = localHeap(
    file.nextAddress,
    pieces.map((piece) => piece.name),
  );
  const heapAddress = file.add(heap.bytes);
  const slots = pieces.map(({ offset, lengthBytes }, index) =>
    Buffer.concat([u64(heap.starts[index]!), u64(offset), u64(lengthBytes)]),
  );
  const head = Buffer.concat([Buffer.from([1, 0, 0, 0]), u16(pieces.length), u16(pieces.length), u64(heapAddress)]);
  const external = message(7, Buffer.concat([head, ...slots]));
  const bytes = shape.reduce((product, length) => product * length, 4);
  const address = file.add(datasetWithoutPlace(shape, bytes, external));
  return file.bytes(file.add(header(linkInfo(), hardLink('outside', address))));
}

function datasetWithoutPlace(shape: number[], lengthBytes: number, ...more: Buffer[]): Buffer {
  const layout = Buffer.concat([Buffer.from([3, 1]), UNDEFINED, u64(lengthBytes)]);
  return header(message(1, dataspace(...shape)), message(3, INT32), message(8, layout), ...more);
}
