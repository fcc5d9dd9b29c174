import { readFileSync } from 'node:fs';
import { TidegateError } from '../../../errors.ts';
import type { Filter } from '../filter-pipeline.ts';

/** A filter for the HDF5 library, compiled to WebAssembly. */
export interface Plugin {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** What the package h5wasm-plugins calls the filters with these numbers. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [307, 'bz2'],
  [32001, 'blosc'],
  [32004, 'lz4'],
  [32008, 'bshuf'],
  [32013, 'zfp'],
  [32015, 'zstd'],
  [32019, 'jpeg'],
  [32022, 'bitgroom'],
  [32023, 'bitround'],
  [32026, 'blosc2'],
]);

/** The plugins that these filters need, from the package h5wasm-plugins. `ERR_MISSING_PEER` where it is not installed. */
export function pluginsFor(filters: readonly Filter[], resolve: (name: string) => string = find): Plugin[] {
  return filters.flatMap((filter) => {
    const name = NAMES.get(filter.id);
    return name === undefined ? [] : [read(name, filter, resolve)];
  });
}

function find(name: string): string {
  return import.meta.resolve(name);
}

function read(name: string, filter: Filter, resolve: (name: string) => string): Plugin {
  const fileName = `libH5Z${name}.so`;
  try {
    return { fileName, bytes: readFileSync(new URL(`plugins/${fileName}`, resolve('h5wasm-plugins'))) };
  } catch (cause) {
    // The package asks for an older h5wasm, and works with this one.
    const install = 'npm install --legacy-peer-deps h5wasm-plugins@^0.2.1';
    const message = `Cannot decode the filter ${filter.name} (${filter.id}) without h5wasm-plugins: ${install}`;
    throw new TidegateError('ERR_MISSING_PEER', message, { package: 'h5wasm-plugins', cause });
  }
}
