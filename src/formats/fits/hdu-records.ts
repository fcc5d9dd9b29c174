import type { Json } from '../../records.ts';
import type { Recorder } from '../recorder.ts';
import type { Hdu } from './hdu.ts';

const DTYPES: Readonly<Record<number, string>> = {
  8: 'uint8',
  16: 'int16',
  32: 'int32',
  64: 'int64',
  [-32]: 'float32',
  [-64]: 'float64',
};

/** The name of a BITPIX in records. */
export function dtypeOf(bitpix: number): string {
  return DTYPES[bitpix] ?? 'uint8';
}

/** The `object` record of an HDU. */
export function hduRecord(hdu: Hdu, out: Recorder): void {
  const { path, kind, dataOffset: offset, dataBytes: length, keywords } = hdu;
  const dtype = kind === 'bintable' || kind === 'table' ? kind : dtypeOf(hdu.bitpix);
  const shape = kind === 'groups' ? undefined : hdu.axes.toReversed();
  const isTiled = kind === 'bintable' && (keywords.isTrue('ZIMAGE') || keywords.isTrue('ZTABLE'));
  const codec = isTiled ? keywords.text('ZCMPTYPE') : undefined;
  out.object({ path, class: 'hdu', dtype, shape, codec, offset, length, attributes: attributesOf(hdu) });
}

function attributesOf({ kind, axes, pcount, gcount, bitpix, keywords }: Hdu): Record<string, Json> | undefined {
  const attributes: Record<string, Json> = {};
  const name = keywords.text('EXTNAME');
  if (name !== undefined) attributes.name = name;
  if (kind === 'groups') {
    Object.assign(attributes, { groups: gcount, parameters: pcount, groupShape: axes.slice(1).toReversed() });
  }
  if (kind === 'other') Object.assign(attributes, { extension: keywords.text('XTENSION') ?? null, bitpix });
  if (kind === 'bintable' && keywords.isTrue('ZIMAGE')) {
    attributes.imageDtype = dtypeOf(keywords.number('ZBITPIX') ?? 8);
    const count = Math.min(keywords.number('ZNAXIS') ?? 0, 999);
    const shape: Json[] = [];
    for (let i = count; i >= 1; i--) shape.push(keywords.number(`ZNAXIS${i}`) ?? null);
    attributes.imageShape = shape;
  }
  return Object.keys(attributes).length === 0 ? undefined : attributes;
}
