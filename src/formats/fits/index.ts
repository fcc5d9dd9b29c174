export { fitsFormat } from './format.ts';
export type { FitsOptions, HduSelection, PixelOptions, RowOptions } from './options.ts';
export { type ImageSlab, type ReadImageOptions, readImage } from './read-image.ts';
export { type ColumnBatch, type ReadRowsOptions, type RowBatch, readRows } from './read-rows.ts';
