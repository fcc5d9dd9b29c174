import { jsonNumber, jsonValues } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { Recorder } from '../recorder.ts';
import type { ClassicAttribute, ClassicDimension, ClassicElement, ClassicVariable } from './classic-model.ts';
import type { ClassicWalk } from './classic-walk.ts';
import { decodeBinary } from './text.ts';
import { UniqueNames } from './unique-names.ts';

/** Turns the elements of a classic header into records. */
export class ClassicRecords {
  readonly #out: Recorder;
  readonly #walk: ClassicWalk;
  readonly #dimensionNames = new UniqueNames();
  readonly #globalNames = new UniqueNames();
  readonly #variableNames = new UniqueNames();
  readonly #nameOf = new Map<ClassicDimension, string>();
  readonly #found: (path: string, variable: ClassicVariable) => void;

  /** `found` is told each variable and its path. */
  constructor(out: Recorder, walk: ClassicWalk, found: (path: string, variable: ClassicVariable) => void) {
    this.#out = out;
    this.#walk = walk;
    this.#found = found;
  }

  /** Adds the records of one element. If they are many: an item of what it gives is a full batch. */
  add(element: ClassicElement): Iterable<void> | undefined {
    if (element.kind === 'dimension') this.#dimension(element);
    else if (element.kind === 'attribute') this.#attribute(element, '/', this.#globalNames);
    else if (element.kind === 'variable') {
      const path = this.#variable(element);
      // A generator costs as much as the records of most variables.
      if (element.attributes.length >= this.#out.roomCount) return this.#manyAttributes(element.attributes, path);
      const names = new UniqueNames();
      const { attributes } = element;
      for (let index = 0; index < attributes.length; index++) this.#attribute(attributes[index]!, path, names);
    } else if (element.kind === 'oddity') {
      const { message, offset } = element;
      this.#out.issue({ code: 'ERR_MALFORMED', severity: 'warning', message, offset });
    }
    return undefined;
  }

  #length(dimension: ClassicDimension): number {
    return dimension.isRecord ? this.#walk.recordCount : dimension.lengthCount;
  }

  #dimension(dimension: ClassicDimension): void {
    const name = this.#dimensionNames.claim(decodeBinary(dimension.name, this.#out, '/'));
    this.#nameOf.set(dimension, name);
    const length = this.#length(dimension);
    const maxShape = [dimension.isRecord ? null : length];
    this.#out.object({ path: `/${name}`, class: 'dimension', shape: [length], maxShape });
  }

  /** Adds the variable; answers its path. */
  #variable(variable: ClassicVariable): string {
    const path = `/${this.#variableNames.claim(decodeBinary(variable.name, this.#out, '/'))}`;
    const rank = variable.dimensions.length;
    const shape = new Array<number>(rank);
    const dimensions = new Array<string>(rank);
    for (let axis = 0; axis < rank; axis++) {
      const dimension = variable.dimensions[axis]!;
      shape[axis] = this.#length(dimension);
      dimensions[axis] = this.#nameOf.get(dimension)!;
    }
    this.#out.object({
      path,
      class: 'variable',
      dtype: variable.type.name,
      shape,
      maxShape: variable.isRecord ? [null, ...shape.slice(1)] : undefined,
      offset: variable.begin,
      length: variable.isRecord ? variable.slabBytes * this.#walk.recordCount : variable.slabBytes,
      attributes: { dimensions },
    });
    this.#found(path, variable);
    return path;
  }

  *#manyAttributes(attributes: readonly ClassicAttribute[], path: string): Generator<void, void, void> {
    const names = new UniqueNames();
    for (const attribute of attributes) {
      if (this.#out.isFull) yield;
      this.#attribute(attribute, path, names);
    }
    if (this.#out.isFull) yield;
  }

  #attribute(attribute: ClassicAttribute, owner: string, names: UniqueNames): void {
    const { type, offset, lengthBytes } = attribute;
    const name = decodeBinary(attribute.name, this.#out, owner);
    const path = `${owner}@${names.claim(name)}`;
    const bulk = attribute.value === undefined ? true : undefined;
    const value = this.#value(attribute, path);
    this.#out.field({ path, key: name, name, dtype: type.name, value, offset, length: lengthBytes, bulk });
  }

  #value({ value, offset }: ClassicAttribute, path: string): Json {
    if (value === undefined) return null;
    if (typeof value === 'string') return decodeBinary(value, this.#out, path, offset);
    return value.length === 1 ? jsonNumber(value[0]!) : jsonValues(value.map(jsonNumber));
  }
}
