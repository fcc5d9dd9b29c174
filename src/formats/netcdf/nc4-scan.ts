import { isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import {
  type DatasetObject,
  dtypeOf,
  type Hdf5File,
  type Link,
  openAttributes,
  openLinks,
  readObject,
  readValues,
  type Steps,
  TreeGuard,
} from '../hdf5/index.ts';
import { type Nc4Dimension, type Nc4Group, type Nc4Type, type Nc4Variable, pathIn } from './nc4-model.ts';
import { ScaleFacts } from './nc4-scale-facts.ts';
import { Nc4Types } from './nc4-types.ts';

/** Begins the name of a variable that is called like a dimension, and is not its coordinate. */
const NON_COORDINATE = '_nc4_non_coord_';

/** Told about each part that cannot be read, or has no place in NetCDF; the scan goes on beside it. */
export interface Nc4ScanListener {
  /** What was told has to be taken before more is: the scan yields. */
  readonly isFull: boolean;
  failed(error: TidegateError, path: string): void;
  skipped(path: string, why: string): void;
}

/** Where a scan stops: at the depth with `ERR_LIMIT`, at the objects without a word (who shows them will refuse). */
export interface Nc4ScanLimits {
  readonly maxDepth: number;
  readonly maxObjects: number;
}

/** Reads the groups, dimensions, variables and types of a file: what has to be known before the first record. */
export class Nc4Scan {
  readonly root: Nc4Group;
  /** By the address of their dimension scale. */
  readonly scales: Map<number, Nc4Dimension> = new Map();
  readonly file: Hdf5File;
  nextDimensionId = 0;
  readonly types: Nc4Types = new Nc4Types();
  readonly #listener: Nc4ScanListener;
  readonly #limits: Nc4ScanLimits;
  readonly #guard: TreeGuard;
  readonly #seenGroups = new Set<number>();
  #objectCount = 0;

  constructor(file: Hdf5File, limits: Nc4ScanLimits, listener: Nc4ScanListener) {
    this.file = file;
    this.#limits = limits;
    this.#listener = listener;
    this.#guard = new TreeGuard(file.sizeBytes);
    this.root = emptyGroup('', '/', file.superblock.rootAddress, undefined);
  }

  /** Groups wait until the types of their parent are known. */
  async *run(): AsyncGenerator<void, void, void> {
    const { maxDepth } = this.#limits;
    const waiting: { group: Nc4Group; depth: number }[] = [{ group: this.root, depth: 0 }];
    this.#seenGroups.add(this.root.address);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { group, depth } = next;
      if (depth > maxDepth) throw tooDeep(this.file, group, maxDepth);
      yield* this.#group(group);
      for (const child of group.groups.toReversed()) waiting.push({ group: child, depth: depth + 1 });
    }
  }

  async *#group(group: Nc4Group): AsyncGenerator<void, void, void> {
    const object = await this.#try(group.path, () => readObject(this.file, group.address));
    if (object === undefined) return;
    const links: Link[] = [];
    for await (const batch of this.#each(group.path, () => openLinks(this.file, object.header, this.#guard))) {
      for (const link of batch) links.push(link);
    }
    if (links.every((link) => link.creationOrder !== undefined)) {
      links.sort((one, other) => one.creationOrder! - other.creationOrder!);
    }
    for (const { name, kind, address } of links) {
      if (this.#objectCount > this.#limits.maxObjects) return;
      if (address !== undefined) await this.#object(group, name, address);
      else this.#listener.skipped(pathIn(group, name), `a ${kind} link is not followed`);
      if (this.#listener.isFull) yield;
    }
  }

  async #object(group: Nc4Group, name: string, address: number): Promise<void> {
    const path = pathIn(group, name);
    const object = await this.#try(path, () => readObject(this.file, address));
    if (object === undefined) return;
    if (object.kind === 'datatype') this.#type({ name, address, type: object.type, group });
    else if (object.kind === 'dataset') await this.#dataset(group, name, object);
    else if (this.#seenGroups.has(address)) this.#listener.skipped(path, 'it is a group that stands elsewhere too');
    else {
      this.#seenGroups.add(address);
      group.groups.push(emptyGroup(name, path, address, group));
      this.#objectCount++;
    }
  }

  #type(type: Nc4Type): void {
    if (USER_CLASSES.has(type.type.class)) {
      type.group.types.push(type);
      this.types.add(type);
    } else
      this.#listener.skipped(pathIn(type.group, type.name), `NetCDF has no user types of class ${type.type.class}`);
  }

  async #dataset(group: Nc4Group, name: string, dataset: DatasetObject): Promise<void> {
    const facts = await this.#facts(pathIn(group, name), dataset);
    const { shape, maxShape } = dataset.space;
    const dimension = facts.isScale ? this.#dimension(group, name, dataset, facts) : undefined;
    if (dimension !== undefined && facts.isDimensionOnly) return;
    // The reference library too looks among the types that stand before the variable.
    if (this.types.ofVariable(dataset.type, dataset.typeAddress) === undefined) {
      this.#listener.skipped(pathIn(group, name), `NetCDF has no type for its data, ${dtypeOf(dataset.type)}`);
      return;
    }
    const dimensions: (Nc4Dimension | undefined)[] = shape.map(() => undefined);
    if (dimension !== undefined && shape.length > 0) dimensions[0] = dimension;
    const variable: Nc4Variable = {
      name:
        name.length > NON_COORDINATE.length && name.startsWith(NON_COORDINATE)
          ? name.slice(NON_COORDINATE.length)
          : name,
      hdf5Path: pathIn(group, name),
      address: dataset.header.address,
      shape,
      maxShape,
      dimensions,
      dimensionIds: facts.dimensionIds?.length === shape.length ? facts.dimensionIds : undefined,
      scaleAddresses: facts.scaleAddresses,
      isScale: dimension !== undefined,
    };
    group.variables.push(variable);
    this.#objectCount++;
  }

  #dimension(group: Nc4Group, name: string, { header, space }: DatasetObject, facts: ScaleFacts): Nc4Dimension {
    const id = facts.dimensionId ?? this.nextDimensionId;
    this.nextDimensionId = Math.max(this.nextDimensionId, id + 1);
    const isUnlimited = space.maxShape?.[0] === null;
    const dimension: Nc4Dimension = { name, id, group, lengthCount: space.shape[0] ?? 0, isUnlimited };
    group.dimensions.push(dimension);
    this.#objectCount++;
    this.scales.set(header.address, dimension);
    return dimension;
  }

  async #facts(path: string, dataset: DatasetObject): Promise<ScaleFacts> {
    const facts = new ScaleFacts();
    for await (const batch of this.#each(path, () => openAttributes(this.file, dataset.header, this.#guard))) {
      for (const attribute of batch) {
        if (!ScaleFacts.isAbout(attribute.name)) continue;
        const values = await this.#try(path, () => readValues(this.file, attribute.type, attribute.value));
        if (values !== undefined) facts.take(attribute.name, values);
      }
    }
    return facts;
  }

  /** The batches of an iteration; what cannot be read is told, and left out. */
  async *#each<T>(path: string, open: () => Steps<T>): AsyncGenerator<readonly T[], void, void> {
    const steps = await this.#try(path, open);
    for (let isEnd = steps === undefined; !isEnd; ) {
      const batch = await this.#try(path, () => steps!.next() ?? 'end');
      isEnd = batch === 'end';
      if (batch !== undefined && batch !== 'end') yield batch;
    }
  }

  async #try<T>(path: string, step: () => T): Promise<T | undefined> {
    try {
      const result = this.file.run(step);
      return isPromise(result) ? await result : result;
    } catch (error) {
      if (!(error instanceof TidegateError) || error.code === 'ERR_LIMIT') throw error;
      this.#listener.failed(error, path);
      return undefined;
    }
  }
}

const USER_CLASSES = new Set(['compound', 'enum', 'vlen', 'opaque']);

function emptyGroup(name: string, path: string, address: number, parent: Nc4Group | undefined): Nc4Group {
  return { name, path, address, parent, types: [], dimensions: [], variables: [], groups: [] };
}

function tooDeep(file: Hdf5File, group: Nc4Group, maxDepth: number): TidegateError {
  const message = `Cannot read deeper: groups nested more than maxDepth of ${maxDepth} deep at ${group.path}`;
  return new TidegateError('ERR_LIMIT', message, { file: file.input.name, limit: 'maxDepth' });
}
