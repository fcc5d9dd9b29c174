import { isPromise } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { INLINE_ELEMENTS } from '../../json-value.ts';
import { MiB } from '../../units.ts';
import {
  type Attribute,
  codecOf,
  dtypeOf,
  type Hdf5File,
  type ObjectHeader,
  readObject,
  TreeGuard,
} from '../hdf5/index.ts';
import type { Recorder } from '../recorder.ts';
import type { CfAttributes } from './cf-decoder.ts';
import { type Nc4Value, nc4Attribute, nc4Json, nc4Value, orderedAttributes } from './nc4-attributes.ts';
import { type Nc4Group, type Nc4Variable, pathIn } from './nc4-model.ts';
import type { Nc4Scan } from './nc4-scan.ts';
import type { Nc4Slicer } from './nc4-slices.ts';
import { decodeText } from './text.ts';
import { UniqueNames } from './unique-names.ts';

const LIMITS = { maxElements: INLINE_ELEMENTS, maxBytes: MiB };
/** What `cf` looks at. */
const CF_NAMES = new Set([
  '_FillValue',
  'missing_value',
  'valid_range',
  'valid_min',
  'valid_max',
  'scale_factor',
  'add_offset',
  '_Unsigned',
  'units',
  'calendar',
]);

/** Writes the records of a scanned NetCDF-4 file: each group with its dimensions, attributes, variables, then those in it. */
export class Nc4Records {
  readonly #scan: Nc4Scan;
  readonly #file: Hdf5File;
  readonly #out: Recorder;
  readonly #slicer: Nc4Slicer;
  readonly #guard: TreeGuard;

  constructor(scan: Nc4Scan, out: Recorder, slicer: Nc4Slicer) {
    this.#scan = scan;
    this.#file = scan.file;
    this.#out = out;
    this.#slicer = slicer;
    this.#guard = new TreeGuard(scan.file.sizeBytes);
  }

  async *write(): AsyncGenerator<void, void, void> {
    const waiting: Nc4Group[] = [this.#scan.root];
    for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
      if (group.parent !== undefined) this.#out.object({ path: group.path, class: 'group' });
      const dimensionNames = new UniqueNames();
      for (const { name, lengthCount, isUnlimited } of group.dimensions) {
        const maxShape = [isUnlimited ? null : lengthCount];
        const path = pathIn(group, dimensionNames.claim(name));
        this.#out.object({ path, class: 'dimension', shape: [lengthCount], maxShape });
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
    const isStored = layout.kind === 'contiguous' && layout.address !== undefined && object.externalPieces.length === 0;
    this.#out.object({
      path,
      class: 'variable',
      dtype: this.#scan.types.ofVariable(object.type, object.typeAddress)?.name,
      // A variable is as long as its dimensions, also where less of it has been written.
      shape: variable.dimensions.map((dimension) => dimension!.lengthCount),
      maxShape: space.maxShape?.includes(null) ? space.maxShape : undefined,
      chunks: layout.kind === 'chunked' ? layout.chunkShape : undefined,
      codec: codecOf(object.filters),
      offset: isStored ? this.#file.superblock.baseOffset + layout.address! : undefined,
      length: isStored ? layout.lengthBytes : undefined,
      attributes: { dimensions: variable.dimensions.map((dimension) => dimension!.name) },
    });
    const isSliced = this.#slicer.wants(path);
    const cf = new Map<string, Nc4Value>();
    yield* this.#attributes(path, object.header, isSliced && this.#slicer.hasCf ? cf : undefined);
    if (isSliced) yield* this.#slicer.read(this.#file, path, variable.hdf5Path, object, cfAttributes(cf));
  }

  async *#attributes(
    owner: string,
    header: ObjectHeader,
    cf?: Map<string, Nc4Value>,
  ): AsyncGenerator<void, void, void> {
    const names = new UniqueNames();
    const steps = await this.#try(owner, () => orderedAttributes(this.#file, header, this.#guard));
    for (let isEnd = steps === undefined; !isEnd; ) {
      const batch = await this.#try(owner, () => steps!.next() ?? 'end');
      isEnd = batch === 'end';
      if (batch === undefined || batch === 'end') continue;
      for (const attribute of batch) {
        if (this.#out.isFull) yield;
        await this.#try(owner, () => this.#attribute(owner, attribute, names, cf));
      }
    }
  }

  /** A step: nothing is written before all has been read. */
  #attribute(owner: string, source: Attribute, names: UniqueNames, cf: Map<string, Nc4Value> | undefined): void {
    const attribute = nc4Attribute(source, this.#scan.types);
    if (attribute === undefined) return;
    const { name } = source;
    if (attribute === 'unknown') {
      const message = `Attribute ${name} is left out: NetCDF has no type for it, ${dtypeOf(source.type)}`;
      this.#out.issue({ code: 'ERR_UNSUPPORTED', severity: 'info', message, path: owner });
      return;
    }
    const value = nc4Value(this.#file, attribute, LIMITS);
    if (value !== undefined && CF_NAMES.has(name)) cf?.set(name, value);
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

function cfAttributes(found: ReadonlyMap<string, Nc4Value>): CfAttributes {
  return {
    numbers: (name) => {
      const value = found.get(name);
      return value?.kind === 'numbers' && value.numbers.length > 0 ? value.numbers.map(Number) : undefined;
    },
    text: (name) => {
      const value = found.get(name);
      if (value?.kind === 'text') return value.bytes.toString('utf8').replace(/\0+$/, '');
      return value?.kind === 'strings' ? value.strings[0]?.toString('utf8') : undefined;
    },
  };
}
