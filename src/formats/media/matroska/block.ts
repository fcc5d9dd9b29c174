/** The header of a Block or SimpleBlock (RFC 9559 10). */
export interface BlockHeader {
  readonly trackNumber: number;
  /** Relative to the cluster's time. */
  readonly time: number;
  /** Only told by a SimpleBlock. */
  readonly isKeyframe: boolean;
  /** 0 none, 1 Xiph, 2 fixed size, 3 EBML. */
  readonly lacing: number;
  readonly headerBytes: number;
}

/** Bytes of one frame in the file. */
export interface BlockFrame {
  readonly offset: number;
  readonly lengthBytes: number;
}

/** A block with its frames. */
export interface Block extends BlockHeader {
  /** First byte of its header. */
  readonly offset: number;
  readonly frames: readonly BlockFrame[];
  /** Of all frames together, in units of the segment; 0 if not told. */
  readonly duration: number;
}

/** Reads the track number, time and flags. */
export function parseBlockHeader(bytes: Buffer): BlockHeader | undefined {
  const numberBytes = Math.clz32(bytes[0] ?? 0) - 23;
  if (numberBytes > 8 || bytes.length < numberBytes + 3) return undefined;
  let trackNumber = bytes[0]! & (0xff >> numberBytes);
  for (let i = 1; i < numberBytes; i++) trackNumber = trackNumber * 256 + bytes[i]!;
  const flags = bytes[numberBytes + 2]!;
  const time = bytes.readInt16BE(numberBytes);
  return {
    trackNumber,
    time,
    isKeyframe: (flags & 0x80) !== 0,
    lacing: (flags >> 1) & 3,
    headerBytes: numberBytes + 3,
  };
}

/** The frames of a block (RFC 9559 10.3), or `undefined` if its sizes do not add up. */
export function blockFrames(
  bytes: Buffer,
  header: BlockHeader,
  dataOffset: number,
  dataBytes: number,
): BlockFrame[] | undefined {
  const start = header.headerBytes;
  if (header.lacing === 0) return [{ offset: dataOffset + start, lengthBytes: dataBytes - start }];
  const count = (bytes[start] ?? 0) + 1;
  const laced =
    header.lacing === 1
      ? xiphSizes(bytes, start + 1, count)
      : header.lacing === 3
        ? ebmlSizes(bytes, start + 1, count)
        : fixedSizes(start + 1, count, dataBytes);
  if (!laced) return undefined;
  const lastBytes = dataBytes - laced.end - laced.sizes.reduce((sum, size) => sum + size, 0);
  if (lastBytes < 0) return undefined;
  const frames: BlockFrame[] = [];
  let offset = dataOffset + laced.end;
  for (const lengthBytes of [...laced.sizes, lastBytes]) {
    frames.push({ offset, lengthBytes });
    offset += lengthBytes;
  }
  return frames;
}

interface Laced {
  /** Of all frames but the last. */
  readonly sizes: readonly number[];
  readonly end: number;
}

function fixedSizes(end: number, count: number, dataBytes: number): Laced | undefined {
  const each = (dataBytes - end) / count;
  return Number.isInteger(each) ? { sizes: new Array<number>(count - 1).fill(each), end } : undefined;
}

function xiphSizes(bytes: Buffer, at: number, count: number): Laced | undefined {
  const sizes: number[] = [];
  while (sizes.length < count - 1) {
    let size = 0;
    let byte = 255;
    while (byte === 255) {
      if (at >= bytes.length) return undefined;
      byte = bytes[at++]!;
      size += byte;
    }
    sizes.push(size);
  }
  return { sizes, end: at };
}

/** The first size as it is, the others as signed differences (RFC 9559 10.3.3). */
function ebmlSizes(bytes: Buffer, at: number, count: number): Laced | undefined {
  const sizes: number[] = [];
  while (sizes.length < count - 1) {
    const sizeBytes = Math.clz32(bytes[at] ?? 0) - 23;
    if (sizeBytes > 8 || at + sizeBytes > bytes.length) return undefined;
    let value = bytes[at]! & (0xff >> sizeBytes);
    for (let i = 1; i < sizeBytes; i++) value = value * 256 + bytes[at + i]!;
    const previous = sizes.at(-1);
    sizes.push(previous === undefined ? value : previous + value - (2 ** (7 * sizeBytes - 1) - 1));
    if (sizes.at(-1)! < 0) return undefined;
    at += sizeBytes;
  }
  return { sizes, end: at };
}
