import { isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { INLINE_ELEMENTS } from '../../json-value.ts';
import { MiB } from '../../units.ts';
import {
  type Attribute,
  codecOf,
  type DatasetObject,
  dtypeOf,
  type Hdf5File,
  type ObjectHeader,
  readObject,
  TreeGuard,
} from '../hdf5/index.ts';
import type { Recorder } from '../recorder.ts';
import { nc4Attribute, nc4Json, nc4Value, orderedAttributes } from './nc4-attributes.ts';
import { type Nc4Group, type Nc4Variable, pathIn } from './nc4-model.ts';
import type { Nc4Scan } from './nc4-scan.ts';
import { decodeText } from './text.ts';
import { UniqueNames } from './unique-names.ts';

const LIMITS = { maxElements: INLINE_ELEMENTS, maxBytes: MiB };
/** A variable whose record has been written, with what its values are read from. */
export type OnVariable = (path: string, variable: Nc4Variable, dataset: DatasetObject) => void;

/** Writes the records of a scanned NetCDF-4 file: each group with its dimensions, attributes, variables, then those in it. */
export class Nc4Records {
  readonly #scan: Nc4Scan;
  readonly #file: Hdf5File;
  readonly #out: Recorder;
  readonly #found: OnVariable;
  readonly #guard: TreeGuard;

  constructor(scan: Nc4Scan, out: Recorder, found: OnVariable) {
    this.#scan = scan;
    this.#file = scan.file;
    this.#out = out;
    this.#found = found;
    this.#guard = new TreeGuard(scan.file.sizeBytes);
  }

  async *write(): AsyncGenerator<void, void, void> {
    const waiting: Nc4Group[] = [this.#scan.root];
    for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
      if (group.parent !== undefined) this.#out.object({ path: group.path, class: 'group' });
      for (const { name, lengthCount, isUnlimited } of group.dimensions) {
        const maxShape = [isUnlimited ? null : lengthCount];
        this.#out.object({ path: pathIn(group, name), class: 'dimension', shape: [lengthCount], maxShape });
        if (this.#out.isFull) yield;
      }
      const object = await this.#try(group.path, () => readObject(this.#file, group.address));
      if (object !== undefined) yield* this.#attributes(group.path, object.header);
      const names = new UniqueNames();
      for (const variable of group.variables) yield* this.#variable(group, variable, names.claim(variable.name));
      for (const child of group.groups.toReversed()) waiting.push(child);
    }
  }

  async *#variable(group: Nc4Group, variable: Nc4Variable, name: string): AsyncGenerator<void, void, void> {
    const path = pathIn(group, name);
    const object = await this.#try(path, () => readObject(this.#file, variable.address));
    if (object?.kind !== 'dataset') return;
    const { layout, space } = object;
    const isStored = layout.kind === 'contiguous' && layout.address !== undefined && !object.hasExternalFiles;
    this.#out.object({
      path,
      class: 'variable',
      dtype: this.#scan.types.ofVariable(object.type, object.typeAddress)?.name,
      shape: space.shape,
      maxShape: space.maxShape?.includes(null) ? space.maxShape : undefined,
      chunks: layout.kind === 'chunked' ? layout.chunkShape : undefined,
      codec: codecOf(object.filters),
      offset: isStored ? this.#file.superblock.baseOffset + layout.address! : undefined,
      length: isStored ? layout.lengthBytes : undefined,
      attributes: { dimensions: variable.dimensions.map((dimension) => dimension!.name) },
    });
    this.#found(path, variable, object);
    yield* this.#attributes(path, object.header);
  }

  async *#attributes(owner: string, header: ObjectHeader): AsyncGenerator<void, void, void> {
    const names = new UniqueNames();
    const steps = await this.#try(owner, () => orderedAttributes(this.#file, header, this.#guard));
    for (let isEnd = steps === undefined; !isEnd; ) {
      const batch = await this.#try(owner, () => steps!.next() ?? 'end');
      isEnd = batch === 'end';
      if (batch === undefined || batch === 'end') continue;
      for (const attribute of batch) {
        if (this.#out.isFull) yield;
        await this.#try(owner, () => this.#attribute(owner, attribute, names));
      }
    }
  }

  /** A step: nothing is written before all has been read. */
  #attribute(owner: string, source: Attribute, names: UniqueNames): void {
    const attribute = nc4Attribute(source, this.#scan.types);
    if (attribute === undefined) return;
    const { name } = source;
    if (attribute === 'unknown') {
      const message = `Attribute ${name} is left out: NetCDF has no type for it, ${dtypeOf(source.type)}`;
      this.#out.issue({ code: 'ERR_UNSUPPORTED', severity: 'info', message, path: owner });
      return;
    }
    const value = nc4Value(this.#file, attribute, LIMITS);
    const path = `${owner}@${names.claim(name)}`;
    const offset = source.value.bytes === undefined ? source.value.offset : undefined;
    const length = source.value.bytes === undefined ? source.value.lengthBytes : undefined;
    const json = value && nc4Json(value, (bytes) => decodeText(bytes, this.#out, path, offset));
    const body = { path, key: name, name, dtype: attribute.ref.name, offset, length };
    this.#out.field(json === undefined ? { ...body, value: null, bulk: true } : { ...body, value: json });
  }

  async #try<T>(path: string, step: () => T): Promise<T | undefined> {
    try {
      const result = this.#file.run(step);
      return isPromise(result) ? await result : result;
    } catch (error) {
      if (!(error instanceof TidegateError) || error.code === 'ERR_LIMIT') throw error;
      const { code, message, offset } = error;
      this.#out.issue({ code, severity: 'error', message, offset, path });
      return undefined;
    }
  }
}
