const BLOCK_BYTES = 2880;
const SIDE = 100;

/** A FITS file (FITS 4.0): an image of one star as 32-bit floats, and a table of three. */
export function skyFile(): Buffer {
  const image = Buffer.alloc(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const distance = (x - 60) ** 2 + (y - 40) ** 2;
      image.writeFloatBE(100 + 5000 * Math.exp(-distance / 50), (y * SIDE + x) * 4);
    }
  }
  const primary = header([
    'SIMPLE  =                    T / conforms to FITS',
    'BITPIX  =                  -32',
    'NAXIS   =                    2',
    `NAXIS1  = ${String(SIDE).padStart(20)}`,
    `NAXIS2  = ${String(SIDE).padStart(20)}`,
    'EXTEND  =                    T',
    "OBJECT  = 'Vega    '           / one star",
    "DATE-OBS= '2024-02-29T21:00:00'",
    'EXPTIME =                 30.0 / [s] exposure time',
    "BUNIT   = 'adu     '",
    'HISTORY made by the samples of tidegate',
  ]);
  return Buffer.concat([primary, padded(image, 0), table()]);
}

function table(): Buffer {
  const stars: readonly [string, number, number][] = [
    ['Vega', 279.23, 38.78],
    ['Deneb', 310.36, 45.28],
    ['Altair', 297.7, 8.87],
  ];
  const rowBytes = 8 + 8 + 8;
  const rows = Buffer.alloc(rowBytes * stars.length, ' ');
  for (const [index, [name, ra, dec]] of stars.entries()) {
    rows.write(name, index * rowBytes, 'latin1');
    rows.writeDoubleBE(ra, index * rowBytes + 8);
    rows.writeDoubleBE(dec, index * rowBytes + 16);
  }
  const columns = ['8A', '1D', '1D'].map((form, i) => [
    `TTYPE${i + 1}  = '${['NAME', 'RA', 'DEC'][i]!.padEnd(8)}'`,
    `TFORM${i + 1}  = '${form.padEnd(8)}'`,
    ...(i === 0 ? [] : [`TUNIT${i + 1}  = 'deg     '`]),
  ]);
  const cards = [
    "XTENSION= 'BINTABLE'",
    'BITPIX  =                    8',
    'NAXIS   =                    2',
    `NAXIS1  = ${String(rowBytes).padStart(20)}`,
    `NAXIS2  = ${String(stars.length).padStart(20)}`,
    'PCOUNT  =                    0',
    'GCOUNT  =                    1',
    'TFIELDS =                    3',
    ...columns.flat(),
    "EXTNAME = 'STARS   '",
  ];
  return Buffer.concat([header(cards), padded(rows, 0)]);
}

/** FITS 4.0, 4.1: cards of 80 characters, `END`, spaces up to the end of the block. */
function header(cards: readonly string[]): Buffer {
  return padded(Buffer.from([...cards, 'END'].map((card) => card.padEnd(80)).join(''), 'latin1'), 0x20);
}

function padded(bytes: Buffer, filler: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK_BYTES - (bytes.length % BLOCK_BYTES)) % BLOCK_BYTES, filler)]);
}
