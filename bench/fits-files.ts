import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';

const BLOCK_BYTES = 2880;

function card(keyword: string, value: number | string | boolean, comment = 'a comment'): string {
  const text = typeof value === 'string' ? `'${value.padEnd(8)}'` : String(value === true ? 'T' : value).padStart(20);
  return `${keyword.padEnd(8)}= ${text} / ${comment}`.padEnd(80).slice(0, 80);
}

function header(...cards: string[]): Buffer {
  const text = [...cards, 'END'.padEnd(80)].join('');
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES));
}

/** Writes the parts one after another, padded to whole blocks. */
function write(path: string, parts: Iterable<Uint8Array>): string {
  const fd = openSync(path, 'w');
  let bytes = 0;
  for (const part of parts) bytes += writeSync(fd, part);
  writeSync(fd, Buffer.alloc((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES));
  closeSync(fd);
  return path;
}

/** HDUs of 29 cards, each with a small image. */
export function writeHeaders(path: string, count: number): string {
  return write(
    path,
    (function* () {
      for (let i = 0; i < count; i++) {
        const first =
          i === 0
            ? [card('SIMPLE', true), card('EXTEND', true)]
            : [card('XTENSION', 'IMAGE'), card('PCOUNT', 0), card('GCOUNT', 1)];
        const size = [card('BITPIX', 16), card('NAXIS', 2), card('NAXIS1', 10), card('NAXIS2', 10)];
        const cards = [first[0]!, ...size, ...first.slice(1), card('EXTNAME', `EXT${i}`)];
        for (let j = cards.length; j < 28; j++) {
          cards.push(
            j % 3 === 0
              ? card(`KEY${j}`, i + j / 7, '[m] a float')
              : j % 3 === 1
                ? card(`KEY${j}`, i + j)
                : card(`KEY${j}`, `text ${j}`),
          );
        }
        yield header(...cards);
        yield Buffer.alloc(BLOCK_BYTES);
      }
    })(),
  );
}

/** A float32 image of rows of 16,384 pixels, with its DATASUM. */
export function writeImage(path: string, rowCount: number): string {
  const rows = 64;
  const block = Buffer.alloc(rows * 16_384 * 4);
  for (let i = 0; i < block.length; i += 4) block.writeFloatBE(100 + Math.sin(i) * 5 + (i % 977) / 100, i);
  const parts: Buffer[] = [];
  for (let left = rowCount; left > 0; left -= rows) parts.push(block.subarray(0, Math.min(rows, left) * 16_384 * 4));
  const size = [card('NAXIS', 2), card('NAXIS1', 16_384), card('NAXIS2', rowCount)];
  const head = header(card('SIMPLE', true), card('BITPIX', -32), ...size, card('DATASUM', dataSum(parts)));
  return write(path, [head, ...parts]);
}

/** The sum of FITS 4.0 appendix J over the parts, which share their beginning. */
function dataSum(parts: readonly Buffer[]): string {
  const sums = new Map<number, bigint>();
  let total = 0n;
  for (const part of parts) {
    if (!sums.has(part.length)) {
      let sum = 0;
      for (let at = 0; at < part.length; at += 4) sum += part.readUInt32BE(at);
      sums.set(part.length, BigInt(sum));
    }
    total += sums.get(part.length)!;
  }
  while (total > 0xffffffffn) total = (total & 0xffffffffn) + (total >> 32n);
  return total.toString();
}

/** A binary table of nine columns, 50 bytes a row. */
export function writeRows(path: string, count: number): string {
  const forms = ['J', 'D', 'D', 'E', 'E', 'I', '12A', 'E', 'E'];
  const cards = forms.flatMap((form, i) => [card(`TTYPE${i + 1}`, `C${i}`), card(`TFORM${i + 1}`, form)]);
  const block = Buffer.alloc(50 * 10_000);
  for (let row = 0; row < 10_000; row++) {
    const at = row * 50;
    block.writeInt32BE(row * 7, at);
    block.writeDoubleBE(row / 3, at + 4);
    block.writeDoubleBE(-row / 7, at + 12);
    block.writeFloatBE(Math.sin(row), at + 20);
    block.writeFloatBE(Math.cos(row), at + 24);
    block.writeInt16BE(row % 1000, at + 28);
    block.write(`OBJ${row}`.padEnd(12), at + 30);
    block.writeFloatBE(row, at + 42);
    block.writeFloatBE(row / 11, at + 46);
  }
  return write(
    path,
    (function* () {
      yield header(card('SIMPLE', true), card('BITPIX', 8), card('NAXIS', 0), card('EXTEND', true));
      const size = [
        card('XTENSION', 'BINTABLE'),
        card('BITPIX', 8),
        card('NAXIS', 2),
        card('NAXIS1', 50),
        card('NAXIS2', count),
      ];
      yield header(...size, card('PCOUNT', 0), card('GCOUNT', 1), card('TFIELDS', forms.length), ...cards);
      for (let left = count; left > 0; left -= 10_000) yield block.subarray(0, 50 * Math.min(left, 10_000));
    })(),
  );
}

/** An int16 image of rows of 8,192 pixels with noise of about ten bits a pixel. */
export function writeInt16(path: string, rowCount: number): string {
  let state = 12345;
  const noise = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  return write(
    path,
    (function* () {
      yield header(
        card('SIMPLE', true),
        card('BITPIX', 16),
        card('NAXIS', 2),
        card('NAXIS1', 8192),
        card('NAXIS2', rowCount),
      );
      const row = Buffer.alloc(8192 * 2);
      for (let y = 0; y < rowCount; y++) {
        for (let x = 0; x < 8192; x++)
          row.writeInt16BE(Math.round(1000 + 10 * (noise() + noise() + noise() + noise() - 2)), 2 * x);
        yield row;
      }
    })(),
  );
}

/** Its gzipped copy. */
export function writeGzip(path: string): string {
  if (spawnSync('gzip', ['-1', '-k', '-f', path]).status !== 0) throw new Error('gzip failed');
  return `${path}.gz`;
}
