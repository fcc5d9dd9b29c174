import { TidegateError } from '../../errors.ts';
import type { Json } from '../../records.ts';
import type { ObjectBody, Recorder } from '../recorder.ts';
import type { Attribute } from './attribute.ts';
import { openAttributes } from './attributes.ts';
import type { Hdf5File } from './file.ts';
import type { Link } from './link.ts';
import type { DatasetObject, Hdf5Object } from './object.ts';
import { fieldBody, linkBody, objectBody } from './records.ts';
import type { Steps } from './steps.ts';
import { TreeGuard } from './tree-guard.ts';
import { type Visit, Walk, type WalkOptions, type WalkStart } from './walk.ts';

/** Objects and attributes that may be unreadable before the rest of the file is given up. */
const MAX_FAILURES = 1000;

/** Few, so that the memory that one step touches stays small. */
const PARTS_PER_STEP = 8;

/** A dataset whose record, and those of its attributes, are made. */
export interface FoundDataset {
  readonly path: string;
  /** Its path in the file where it stands. */
  readonly ownPath: string;
  /** That is not the input. */
  readonly isElsewhere: boolean;
  readonly dataset: DatasetObject;
}

/** A link into another file, whose record is made. */
export interface FoundLink {
  readonly path: string;
  readonly link: Link;
}

/** Which objects, and how. */
export interface FindingsOptions extends WalkOptions {
  /** Stops behind each dataset and each link into another file: see `takeDataset` and `takeLink`. */
  readonly isStepwise: boolean;
  /** An object that another file links to; the whole file if it is left out. */
  readonly start?: (WalkStart & { readonly ownPath: string; readonly fileName: string }) | undefined;
}

/** All objects of a file, each with its attributes behind it, put into a recorder one by one. */
export class Findings {
  readonly #file: Hdf5File;
  readonly #out: Recorder;
  readonly #walk: Walk;
  readonly #guard: TreeGuard;
  /** The object whose attributes come next, and those of them that were read already. */
  #path = '/';
  #attributes: Steps<Attribute> | undefined;
  #batch: readonly Attribute[] = [];
  #next = 0;
  #failureCount = 0;
  /** The object that was added last, until its attributes are opened. */
  #object: Hdf5Object | undefined;
  #dataset: DatasetObject | undefined;

  readonly #partsPerStep: number;

  readonly #start: FindingsOptions['start'];
  #link: FoundLink | undefined;

  constructor(file: Hdf5File, out: Recorder, options: FindingsOptions) {
    this.#file = file;
    this.#out = out;
    this.#start = options.start;
    this.#walk = new Walk(file, options, options.start);
    this.#guard = new TreeGuard(file.sizeBytes);
    this.#partsPerStep = options.isStepwise ? 1 : PARTS_PER_STEP;
  }

  /**
   * Adds some of what comes next; `false` behind the last object. A step, of several parts: nothing changes in a part
   * before all its bytes are there.
   */
  next(): boolean {
    for (let part = 0; part < this.#partsPerStep; part++) if (!this.#nextPart()) return false;
    return true;
  }

  #nextPart(): boolean {
    if (this.#object) this.#openAttributes(this.#object);
    else if (!this.#attributes) return this.#nextObject();
    if (!this.#attributes) return true;
    while (this.#next < this.#batch.length) this.#addAttribute(this.#batch[this.#next]!);
    this.#nextAttributes(this.#attributes);
    return true;
  }

  /** The dataset that was added, attributes and all, by the latest `next()`; once. */
  takeDataset(): FoundDataset | undefined {
    const dataset = this.#dataset;
    if (!dataset || this.#object || this.#attributes) return undefined;
    this.#dataset = undefined;
    const path = this.#path;
    const start = this.#start;
    const ownPath = start ? joined(start.ownPath, path.slice(start.path.length)) : path;
    return { path, ownPath, isElsewhere: start !== undefined, dataset };
  }

  /** The link into another file that was added by the latest `next()`; once. */
  takeLink(): FoundLink | undefined {
    const link = this.#link;
    this.#link = undefined;
    return link;
  }

  #nextObject(): boolean {
    const visits = this.#walk.next();
    if (visits) for (const visit of visits) this.#addVisit(visit);
    return visits !== undefined;
  }

  #addVisit({ path, link, object, error }: Visit): void {
    this.#path = path;
    if (object) {
      const body = objectBody(this.#file, path, object);
      this.#out.object(this.#start ? elsewhere(body, this.#start.fileName) : body);
      this.#object = object;
      this.#dataset = object.kind === 'dataset' ? object : undefined;
    } else if (link) {
      this.#out.object(linkBody(path, link));
      if (link.kind === 'external') this.#link = { path, link };
    }
    if (link && path.includes('\ufffd')) this.#reportText(path);
    if (error) this.#reportError(error);
  }

  #openAttributes(object: Hdf5Object): void {
    try {
      this.#attributes = openAttributes(this.#file, object.header, this.#guard);
    } catch (error) {
      this.#reportError(error);
    }
    this.#object = undefined;
  }

  #nextAttributes(attributes: Steps<Attribute>): void {
    try {
      const batch = attributes.next();
      if (!batch) this.#attributes = undefined;
      this.#batch = batch ?? [];
      this.#next = 0;
    } catch (error) {
      this.#reportError(error);
    }
  }

  #addAttribute(attribute: Attribute): void {
    try {
      const body = fieldBody(this.#file, this.#path, attribute);
      this.#next++;
      this.#out.field(this.#start ? { ...body, offset: undefined, length: undefined } : body);
      const { value } = body;
      if (hasLostText(value) || hasLostText(body.key)) this.#reportText(body.path);
    } catch (error) {
      this.#reportError(error);
      this.#next++;
    }
  }

  /** Lets misses and limits through. */
  #reportError(error: unknown): void {
    if (!(error instanceof TidegateError) || error.code === 'ERR_LIMIT') throw error;
    if (++this.#failureCount > MAX_FAILURES) throw error;
    const { code, message, offset } = error;
    const at = this.#start ? undefined : offset;
    this.#out.issue({ code, severity: 'error', message, offset: at, path: this.#path });
  }

  #reportText(path: string): void {
    this.#out.issue({ code: 'ERR_TEXT', severity: 'warning', message: `Cannot decode text as UTF-8 at ${path}`, path });
  }
}

/** Offsets are those of the input: an object of another file has none, but the name of that file. */
function elsewhere(body: ObjectBody, fileName: string): ObjectBody {
  return { ...body, offset: undefined, length: undefined, attributes: { ...body.attributes, file: fileName } };
}

function joined(path: string, rest: string): string {
  return path === '/' ? rest || '/' : `${path}${rest}`;
}

/** U+FFFD stands where text could not be decoded. */
function hasLostText(value: Json): boolean {
  if (typeof value === 'string') return value.includes('\ufffd');
  return typeof value === 'object' && value !== null && JSON.stringify(value).includes('\ufffd');
}
