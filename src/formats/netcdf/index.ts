export { type CdlOptions, cdl, cdlBytes } from './cdl.ts';
export { netcdfFormat } from './format.ts';
export type { NetcdfOptions } from './options.ts';
export { type ToNetcdfjsOptions, toNetcdfjs } from './to-netcdfjs.ts';
