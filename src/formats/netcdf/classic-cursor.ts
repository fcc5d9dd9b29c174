import { TidegateError } from '../../errors.ts';
import { KiB } from '../../units.ts';
import type { ClassicVersion } from './classic-model.ts';
import type { HeaderWindow } from './header-window.ts';
import { type NcType, ncTypeOf } from './nc-type.ts';

const NAME_BYTES = 64 * KiB;
const STREAMING_32 = 0xffffffff;
const STREAMING_64 = 0xffffffffffffffffn;

/** The next multiple of four. */
export function padded(lengthBytes: number): number {
  return lengthBytes + ((4 - (lengthBytes % 4)) % 4);
}

/** The small parts of a classic header: counts, names, tags, types. All throw `Starved` where bytes are missing. */
export class ClassicCursor {
  readonly window: HeaderWindow;
  readonly #file: string;
  #version: ClassicVersion = 1;

  constructor(window: HeaderWindow, file: string) {
    this.window = window;
    this.#file = file;
  }

  /** `magic`: which variant of the format this is. */
  version(): ClassicVersion {
    const magic = this.window.uint32();
    const version = magic & 0xff;
    if (magic >>> 8 !== 0x434446 || (version !== 1 && version !== 2 && version !== 5)) {
      throw this.malformed('the file', `"CDF" and 1, 2 or 5 expected, got 0x${magic.toString(16)}`, 4);
    }
    return (this.#version = version);
  }

  /** `numrecs`: `undefined` is STREAMING. */
  recordCount(): number | undefined {
    if (this.#version < 5) {
      const count = this.window.uint32();
      return count === STREAMING_32 ? undefined : count;
    }
    const count = this.window.uint64();
    return count === STREAMING_64 ? undefined : this.#safe(count, 'a record count');
  }

  /** `NON_NEG`: 64 bits in CDF-5, else 32. */
  count(what: string): number {
    return this.#version < 5 ? this.window.uint32() : this.#safe(this.window.uint64(), what);
  }

  /** `OFFSET`: 32 bits in CDF-1, else 64. */
  begin(): number {
    return this.#version === 1 ? this.window.uint32() : this.#safe(this.window.uint64(), 'an offset');
  }

  /** The count of a `dim_list`, `att_list` or `var_list`; ABSENT is 0. */
  list(tag: number, what: string): number {
    const got = this.window.uint32();
    const count = this.count(`the count of ${what}`);
    // The reference library takes any tag before a count of 0.
    if (count > 0 && got !== tag) throw this.malformed(what, `tag ${tag} expected, got ${got}`, 4);
    return count;
  }

  /** `name`, as a binary string. */
  name(what: string): string {
    const lengthBytes = this.count(`the name of ${what}`);
    if (lengthBytes > NAME_BYTES) throw this.malformed(what, `its name would have ${lengthBytes} bytes`, 4);
    return this.window.text(lengthBytes, padded(lengthBytes));
  }

  /** `nc_type`. */
  type(what: string): NcType {
    const code = this.window.uint32();
    const type = ncTypeOf(code);
    if (type === undefined) throw this.malformed(what, `no external type has the number ${code}`, 4);
    return type;
  }

  /** An `ERR_MALFORMED` about the bytes that were read last. */
  malformed(what: string, seen: string, readBytes = 0): TidegateError {
    const offset = this.window.offset - readBytes;
    return new TidegateError('ERR_MALFORMED', `Cannot read ${what}: ${seen} at byte ${offset}`, {
      file: this.#file,
      offset,
    });
  }

  #safe(value: bigint, what: string): number {
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.malformed(what, `${value} is beyond 2^53`, 8);
    return Number(value);
  }
}
