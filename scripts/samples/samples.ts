import { gzipSync } from 'node:zlib';
import { ctSlice } from './dicom.ts';
import { skyFile } from './fits.ts';
import { signalFile } from './hdf5.ts';
import { weatherFile } from './netcdf.ts';
import { filmFile } from './quicktime.ts';
import { seededBytes } from './random.ts';
import { toneFile } from './wave.ts';

/** A sample and where it belongs. */
export interface Sample {
  /** From the samples' folder. */
  readonly path: string;
  readonly make: () => Buffer | Promise<Buffer>;
}

/** Everything is made from nothing, and the same in every run. */
export const SAMPLES: readonly Sample[] = [
  ...[1, 2, 3].map((index) => ({ path: `dicom/ct-${index}.dcm`, make: () => ctSlice(index) })),
  { path: 'dicom/packed.dcm.gz', make: () => gzipSync(ctSlice(4)) },
  // Pixel Data ends long before the length that it declares: the records before it come out, then an issue.
  { path: 'dicom/cut-off.dcm', make: () => ctSlice(5).subarray(0, 2000) },
  { path: 'binary/noise', make: () => seededBytes(300_000, 7) },
  { path: 'binary/half-zeros', make: () => Buffer.concat([Buffer.alloc(100_000), seededBytes(100_000, 9)]) },
  { path: 'binary/notes.txt', make: () => Buffer.from('Bytes in, records out.\n'.repeat(1000)) },
  { path: 'fits/sky.fits', make: skyFile },
  { path: 'hdf5/signal.h5', make: signalFile },
  { path: 'netcdf/weather.nc', make: weatherFile },
  { path: 'audio/tone.wav', make: toneFile },
  { path: 'video/film.mov', make: filmFile },
];
