import { TidegateError } from '../../errors.ts';
import type { Hdf5File } from './file.ts';
import type { Link } from './link.ts';
import { openLinks } from './links.ts';
import { malformed } from './malformed.ts';
import { type Hdf5Object, readObject } from './object.ts';
import type { Steps } from './steps.ts';
import { TreeGuard } from './tree-guard.ts';

/** One stop of a {@link Walk}: an object met for the first time, or a link that leads to none of those. */
export interface Visit {
  /** Absolute: `/a/b`. */
  readonly path: string;
  /** The link that led here; `undefined` for the first object. */
  readonly link: Link | undefined;
  /** The object, where this is a hard link and the first one to it. */
  readonly object: Hdf5Object | undefined;
  /** Why what a hard link points at, or the content of a group, cannot be read. The walk goes on beside it. */
  readonly error: TidegateError | undefined;
}

/** Where a {@link Walk} begins. */
export interface WalkStart {
  /** What the object is called. */
  readonly path: string;
  readonly address: number;
}

/** Limits of a {@link Walk}. */
export interface WalkOptions {
  /** Groups within groups before `ERR_LIMIT`. @defaultValue 256 */
  readonly maxDepth?: number | undefined;
}

/** A group under way. */
interface Frame {
  readonly path: string;
  readonly address: number;
  readonly links: Steps<Link>;
  batch: readonly Link[];
  next: number;
}

/** No object header is smaller: so a file of n bytes has at most n / 12 objects. */
const MIN_HEADER_BYTES = 12;

/**
 * All objects of a file, depth first, each group before what is in it. Memory grows with the depth and with the
 * number of objects that have several hard links, not with the number of objects. Each `next()` is a step.
 *
 * An object is met once: those whose header counts several links are remembered, and a link back to a group that is
 * under way is seen. A file whose counts lie is stopped when it shows more objects than it has room for.
 */
export class Walk {
  readonly #file: Hdf5File;
  readonly #maxDepth: number;
  readonly #guard: TreeGuard;
  readonly #seen = new Set<number>();
  readonly #frames: Frame[] = [];
  readonly #start: WalkStart;
  #objectsLeft: number;
  #hasStarted = false;

  /** Begins at the root group, or at another object. */
  constructor(file: Hdf5File, options: WalkOptions = {}, start?: WalkStart) {
    this.#file = file;
    this.#start = start ?? { path: '/', address: file.superblock.rootAddress };
    this.#maxDepth = options.maxDepth ?? 256;
    this.#guard = new TreeGuard(file.sizeBytes);
    this.#objectsLeft = Math.ceil(file.sizeBytes / MIN_HEADER_BYTES);
  }

  /** The next stop; `null` if this step had something else to read, `undefined` behind the last one. */
  next(): Visit | null | undefined {
    const frame = this.#frames[this.#frames.length - 1];
    if (!frame) return this.#begin();
    const link = frame.batch[frame.next];
    if (!link) return this.#refill(frame);
    const path = frame.path === '/' ? `/${link.name}` : `${frame.path}/${link.name}`;
    const visit = link.kind === 'hard' ? this.#arrive(path, link, link.address) : visitOf(path, link);
    frame.next++;
    return visit;
  }

  #begin(): Visit | undefined {
    if (this.#hasStarted) return undefined;
    const visit = this.#arrive(this.#start.path, undefined, this.#start.address);
    this.#hasStarted = true;
    return visit;
  }

  #refill(frame: Frame): Visit | null {
    frame.batch = [];
    frame.next = 0;
    try {
      const batch = frame.links.next();
      if (!batch) this.#frames.pop();
      else frame.batch = batch;
      return null;
    } catch (error) {
      if (!(error instanceof TidegateError)) throw error;
      return visitOf(frame.path, undefined, undefined, error);
    }
  }

  #arrive(path: string, link: Link | undefined, address: number | undefined): Visit {
    if (address !== undefined && this.#isKnown(address)) return visitOf(path, link);
    try {
      if (address === undefined) throw malformed('link', `${path} has no address`);
      const object = readObject(this.#file, address);
      const links = object.kind === 'group' ? openLinks(this.#file, object.header, this.#guard) : undefined;
      this.#count(path, address, object.header.referenceCount);
      if (links) this.#frames.push({ path, address, links, batch: [], next: 0 });
      return visitOf(path, link, object);
    } catch (error) {
      if (!(error instanceof TidegateError) || error.code === 'ERR_LIMIT') throw error;
      return visitOf(path, link, undefined, error);
    }
  }

  #isKnown(address: number): boolean {
    const frames = this.#frames;
    for (let index = 0; index < frames.length; index++) if (frames[index]!.address === address) return true;
    return this.#seen.has(address);
  }

  #count(path: string, address: number, referenceCount: number): void {
    if (referenceCount > 1) this.#seen.add(address);
    if (--this.#objectsLeft < 0) {
      const message = `Cannot read more objects: the file has no room for as many as were met, up to ${path}`;
      throw new TidegateError('ERR_LIMIT', message, { offset: address });
    }
    if (this.#frames.length < this.#maxDepth) return;
    const message = `Cannot read deeper: groups nested more than maxDepth of ${this.#maxDepth} deep at ${path}`;
    throw new TidegateError('ERR_LIMIT', message, { offset: address, limit: 'maxDepth' });
  }
}

function visitOf(path: string, link: Link | undefined, object?: Hdf5Object, error?: TidegateError): Visit {
  return { path, link, object, error };
}
