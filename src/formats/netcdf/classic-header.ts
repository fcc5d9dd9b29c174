import { TidegateError } from '../../errors.ts';
import { MiB } from '../../units.ts';
import { ClassicCursor } from './classic-cursor.ts';
import type { ClassicAttribute, ClassicDimension, ClassicElement, ClassicVersion } from './classic-model.ts';
import {
  NC_ATTRIBUTE,
  type OpenVariable,
  openVariable,
  parseAttribute,
  parseDimension,
  parseVariableTail,
} from './classic-parts.ts';
import { type HeaderWindow, Starved } from './header-window.ts';
import { isExtendedType } from './nc-type.ts';

/** The lists of a header, in their order. */
const LISTS = [
  { tag: 10, what: 'dimensions' }, // NC_DIMENSION
  { tag: NC_ATTRIBUTE, what: 'global attributes' },
  { tag: 11, what: 'variables' }, // NC_VARIABLE
];
/** The type of a variable stands behind its attributes: so many bytes of them wait for it. */
const MAX_HELD_BYTES = 16 * MiB;
const HELD_OVERHEAD_BYTES = 256;
/** Dimensions are held, because variables refer to them. */
const MAX_DIMENSIONS = 100_000;

/** A number is a request: the window has to hold so many bytes more. */
export type HeaderStep = number | ClassicElement;

/**
 * Parses the header of a CDF-1, CDF-2 or CDF-5 file (NetCDF file format specification), piece by piece: what the window
 * has not all of is parsed again when it has. No memory is taken by a count that the file declares.
 */
export class ClassicHeader {
  readonly #cursor: ClassicCursor;
  readonly #window: HeaderWindow;
  readonly #file: string;
  readonly #dimensions: ClassicDimension[] = [];
  #hasRecord = false;
  #version: ClassicVersion | undefined;
  /** The list at hand, of `LISTS`, and how many of its elements are still to come. */
  #list = -1;
  #leftCount = 0;
  /** Where the piece at hand begins. */
  #start = 0;
  #variable: OpenVariable | undefined;
  #skipped: ClassicAttribute | undefined;
  /** An element that has been parsed already: something odd was told before it. */
  #next: ClassicElement | undefined;

  constructor(window: HeaderWindow, file: string) {
    this.#cursor = new ClassicCursor(window, file);
    this.#window = window;
    this.#file = file;
  }

  /** The next element, `end` the last one; or a number, where the window has to be filled first. */
  next(): HeaderStep {
    try {
      const element = this.#next ?? this.#parse();
      if (element === this.#next) this.#next = undefined;
      this.#start = this.#window.offset;
      return element;
    } catch (error) {
      if (!(error instanceof Starved)) throw error;
      const neededBytes = this.#window.offset - this.#start + error.neededBytes;
      this.#window.offset = this.#start;
      return neededBytes;
    }
  }

  #parse(): ClassicElement {
    if (this.#version === undefined) return this.#begin();
    while (this.#leftCount === 0) {
      const list = LISTS[this.#list + 1];
      if (!list) return { kind: 'end', offset: this.#window.offset };
      this.#leftCount = this.#cursor.list(list.tag, list.what);
      this.#list++;
      this.#start = this.#window.offset;
    }
    const element = this.#list === 0 ? this.#dimension() : this.#list === 1 ? this.#attribute() : this.#wholeVariable();
    this.#leftCount--;
    return element;
  }

  #begin(): ClassicElement {
    const version = this.#cursor.version();
    const recordCount = this.#cursor.recordCount();
    this.#version = version;
    return { kind: 'start', version, recordCount };
  }

  #dimension(): ClassicElement {
    const index = this.#dimensions.length;
    if (index === MAX_DIMENSIONS) throw tooMany('dimensions', MAX_DIMENSIONS, this.#file, this.#window.offset);
    const { name, lengthCount } = parseDimension(this.#cursor);
    const isRecord = lengthCount === 0 && !this.#hasRecord;
    const dimension: ClassicDimension = { kind: 'dimension', name, lengthCount, isRecord };
    this.#dimensions.push(dimension);
    if (lengthCount > 0 || isRecord) {
      this.#hasRecord ||= isRecord;
      return dimension;
    }
    return this.#odd(
      `Dimension ${index} is a second one of length 0: only the first is the record dimension`,
      dimension,
    );
  }

  #attribute(): ClassicAttribute {
    let found = this.#skipped;
    if (found === undefined) {
      found = parseAttribute(this.#cursor);
      if (found.value !== undefined) return found;
      // What was skipped has to exist: its last byte is read, also from a pipe.
      this.#window.offset -= 1;
      this.#start = this.#window.offset;
      this.#skipped = found;
    }
    this.#window.skip(1);
    this.#skipped = undefined;
    return found;
  }

  #wholeVariable(): ClassicElement {
    const cursor = this.#cursor;
    const open = (this.#variable ??= openVariable(cursor, this.#dimensions));
    for (; open.leftCount > 0; open.leftCount--) {
      this.#start = this.#window.offset;
      const found = this.#attribute();
      open.heldBytes += HELD_OVERHEAD_BYTES + found.name.length + (found.value === undefined ? 0 : found.lengthBytes);
      if (open.heldBytes > MAX_HELD_BYTES)
        throw tooMany('attribute bytes of a variable', MAX_HELD_BYTES, this.#file, found.offset);
      open.attributes.push(found);
    }
    this.#start = this.#window.offset;
    const variable = parseVariableTail(cursor, open.name, open.dimensions, open.attributes);
    this.#variable = undefined;
    if (this.#version === 5 || !isExtendedType(variable.type)) return variable;
    return this.#odd(`Variable has type ${variable.type.name}, which CDF-${this.#version} does not have`, variable);
  }

  /** Tells of something odd first, then goes on with `next`. */
  #odd(message: string, next: ClassicElement): ClassicElement {
    this.#next = next;
    return { kind: 'oddity', message, offset: this.#window.offset };
  }
}

function tooMany(what: string, limit: number, file: string, offset: number): TidegateError {
  return new TidegateError('ERR_LIMIT', `Cannot hold the header: more than ${limit} ${what}`, { file, offset, limit });
}
