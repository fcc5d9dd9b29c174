import { StringDecoder } from 'node:string_decoder';
import type { Input } from '../../bytes/input.ts';
import { KiB } from '../../units.ts';
import { datasetName, escapeName } from './cdl-text.ts';
import { classicCdl } from './classic-cdl.ts';
import { HeaderWindow } from './header-window.ts';

const PART_CHARACTERS = 16 * KiB;

/** Options for {@link cdl} and {@link cdlBytes}. */
export interface CdlOptions {
  /** The name behind the word `netcdf`. @defaultValue the file's name without its extension */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The header of a NetCDF file in CDL, as `ncdump -h` prints it, in parts of about 16 KiB. Bytes, because a name or a
 * text in a file need not be UTF-8. The caller closes the input. Throws where the header cannot be read
 * (`ERR_MALFORMED`, `ERR_TRUNCATED_INPUT` ...), after what came before.
 */
export async function* cdlBytes(input: Input, options: CdlOptions = {}): AsyncGenerator<Buffer, void, void> {
  let part = '';
  for await (const text of binaryCdl(input, options)) {
    part += text;
    if (part.length < PART_CHARACTERS) continue;
    yield Buffer.from(part, 'latin1');
    part = '';
  }
  yield Buffer.from(part, 'latin1');
}

/** {@link cdlBytes} as text: the same bytes, once encoded, for every file whose names and texts are UTF-8. */
export async function* cdl(input: Input, options: CdlOptions = {}): AsyncGenerator<string, void, void> {
  const decoder = new StringDecoder('utf8');
  for await (const part of cdlBytes(input, options)) yield decoder.write(part);
  yield decoder.end();
}

async function* binaryCdl(input: Input, options: CdlOptions): AsyncGenerator<string, void, void> {
  yield `netcdf ${escapeName(options.name ?? datasetName(input.name))} {\n`;
  const window = new HeaderWindow(input, options.signal);
  await window.fill(4);
  if (window.held(0).toString('latin1', 0, 3) === 'CDF') yield* classicCdl(window, input, options.signal);
  else yield* (await import('./nc4-cdl.ts')).nc4Cdl(window, input, options.signal);
  yield '}\n';
}
