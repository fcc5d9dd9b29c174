import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { nonNegativeInteger } from '../../options.ts';
import { DataAccess } from './data/access.ts';
import { describeHdu, type Hdu } from './hdu.ts';
import { readHeader } from './header/header.ts';
import { surveyHeader } from './header/survey.ts';
import { type FitsOptions, limitsOf } from './options.ts';
import { plainInput } from './plain-input.ts';
import { Window } from './window.ts';

/** One HDU of an input, opened for its data. Caller closes. */
export interface OpenHdu {
  readonly hdu: Hdu;
  readonly access: DataAccess;
  readonly maxInflateRatio: number;
  close(): Promise<void>;
}

/** Goes to HDU `index` of an input. `ERR_OPTION` if there are fewer. */
export async function openHdu(input: Input, index: number, options: FitsOptions): Promise<OpenHdu> {
  nonNegativeInteger('hdu', index);
  const limits = limitsOf(options);
  const plain = await plainInput(input, options);
  const window = new Window(plain, options.signal);
  const close = async (): Promise<void> => {
    window.release();
    if (plain !== input) await plain.close();
  };
  try {
    const hdu = await findHdu(window, index, limits.maxHeaderBytes);
    return { hdu, access: new DataAccess(window, hdu, limits), maxInflateRatio: limits.maxInflateRatio, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function findHdu(window: Window, wanted: number, maxHeaderBytes: number): Promise<Hdu> {
  for (let index = 0, offset = 0; ; index++) {
    const header = await readHeader(window, offset, maxHeaderBytes);
    if (header === undefined) {
      const message = `Cannot find hdu[${wanted}] of ${window.input.name}: it has ${index} HDUs`;
      throw new TidegateError('ERR_OPTION', message, { file: window.input.name, offset });
    }
    if (header.problem !== undefined) throw header.problem;
    const hdu = describeHdu(header, index, surveyHeader(header).keywords);
    if (index === wanted) return hdu;
    offset = hdu.endOffset;
  }
}
