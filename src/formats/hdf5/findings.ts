import { TidegateError } from '../../errors.ts';
import type { ObjectBody, Recorder } from '../recorder.ts';
import type { Attribute } from './attribute.ts';
import { openDenseAttributes, readAttribute } from './attributes.ts';
import type { Hdf5File } from './file.ts';
import type { Link } from './link.ts';
import type { DatasetObject, Hdf5Object } from './object.ts';
import { findMessage, MESSAGE, type ObjectHeader } from './object-header.ts';
import { fieldBody, hasLostText, linkBody, objectBody } from './records.ts';
import type { Steps } from './steps.ts';
import { TreeGuard } from './tree-guard.ts';
import { type Visit, Walk, type WalkOptions, type WalkStart } from './walk.ts';

/** Objects and attributes that may be unreadable before the rest of the file is given up. */
const MAX_FAILURES = 1000;

/** Few, so that the memory that one step touches stays small. */
const PARTS_PER_STEP = 8;
const ATTRIBUTES_PER_PART = 16;

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
  /** The object that was added last, until all its attributes are. */
  #object: Hdf5Object | undefined;
  #path = '/';
  /** Of the attributes in its header; behind them come those of its heap, if it has one. */
  #nextAttribute = 0;
  #dense: Steps<Attribute> | undefined;
  #batch: readonly Attribute[] = [];
  #nextInBatch = 0;
  #failureCount = 0;
  #dataset: DatasetObject | undefined;
  #link: FoundLink | undefined;
  readonly #partsPerStep: number;
  readonly #start: FindingsOptions['start'];

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
    if (this.#object) this.#addAttributes(this.#object.header);
    else {
      const visit = this.#walk.next();
      if (visit === undefined) return false;
      if (visit) this.#addVisit(visit);
    }
    return true;
  }

  /** The dataset that was added, attributes and all, by the latest `next()`; once. */
  takeDataset(): FoundDataset | undefined {
    const dataset = this.#dataset;
    if (!dataset || this.#object) return undefined;
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

  #addVisit({ path, link, object, error }: Visit): void {
    this.#path = path;
    if (object) {
      const body = objectBody(this.#file, path, object);
      this.#out.object(this.#start ? elsewhere(body, this.#start.fileName) : body);
      this.#object = object;
      this.#nextAttribute = 0;
      this.#dataset = object.kind === 'dataset' ? object : undefined;
    } else if (link) {
      this.#out.object(linkBody(path, link));
      if (link.kind === 'external') this.#link = { path, link };
    }
    if (link && path.includes('\ufffd')) this.#reportText(path);
    if (error) this.#reportError(error);
  }

  /** The attributes in the header, some of them in a part; then a batch of those in the heap. */
  #addAttributes(header: ObjectHeader): void {
    const { attributes } = header;
    const end = Math.min(this.#nextAttribute + ATTRIBUTES_PER_PART, attributes.length);
    while (this.#nextAttribute < end) {
      try {
        this.#addAttribute(readAttribute(this.#file, attributes[this.#nextAttribute]!));
      } catch (error) {
        this.#reportError(error);
      }
      this.#nextAttribute++;
    }
    if (end < attributes.length) return;
    if (findMessage(header, MESSAGE.ATTRIBUTE_INFO)) this.#addDense(header);
    else this.#object = undefined;
  }

  #addDense(header: ObjectHeader): void {
    for (; this.#nextInBatch < this.#batch.length; this.#nextInBatch++) {
      try {
        this.#addAttribute(this.#batch[this.#nextInBatch]!);
      } catch (error) {
        this.#reportError(error);
      }
    }
    try {
      this.#dense ??= openDenseAttributes(this.#file, header, this.#guard);
      this.#batch = this.#dense?.next() ?? this.#endAttributes();
      this.#nextInBatch = 0;
    } catch (error) {
      this.#reportError(error);
      if (!this.#dense) this.#endAttributes();
    }
  }

  #endAttributes(): readonly Attribute[] {
    this.#object = undefined;
    this.#dense = undefined;
    return [];
  }

  #addAttribute(attribute: Attribute): void {
    const body = fieldBody(this.#file, this.#path, attribute);
    this.#out.field(this.#start ? { ...body, offset: undefined, length: undefined } : body);
    if (hasLostText(body.value) || hasLostText(body.key)) this.#reportText(body.path);
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
