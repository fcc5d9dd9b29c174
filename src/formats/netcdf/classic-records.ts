import { jsonNumber, jsonValues } from '../../json-value.ts';
import type { Json } from '../../records.ts';
import type { Recorder } from '../recorder.ts';
import type { ClassicAttribute, ClassicDimension, ClassicElement, ClassicVariable } from './classic-model.ts';
import { decodeBinary } from './text.ts';
import { UniqueNames } from './unique-names.ts';

/** Turns the elements of a classic header into records. */
export class ClassicRecords {
  readonly #out: Recorder;
  readonly #recordCount: number;
  readonly #dimensionNames = new UniqueNames();
  readonly #globalNames = new UniqueNames();
  readonly #variableNames = new UniqueNames();
  readonly #nameOf = new Map<ClassicDimension, string>();
  readonly #found: (path: string, variable: ClassicVariable) => void;

  constructor(out: Recorder, recordCount: number, found: (path: string, variable: ClassicVariable) => void) {
    this.#out = out;
    this.#recordCount = recordCount;
    this.#found = found;
  }

  /** Adds the records of one element; yields whenever the batch is full. */
  *add(element: ClassicElement): Generator<void, void, void> {
    if (element.kind === 'dimension') this.#dimension(element);
    else if (element.kind === 'attribute') this.#attribute(element, '/', this.#globalNames);
    else if (element.kind === 'variable') yield* this.#variable(element);
    else if (element.kind === 'oddity') {
      const { message, offset } = element;
      this.#out.issue({ code: 'ERR_MALFORMED', severity: 'warning', message, offset });
    }
    if (this.#out.isFull) yield;
  }

  #length(dimension: ClassicDimension): number {
    return dimension.isRecord ? this.#recordCount : dimension.lengthCount;
  }

  #dimension(dimension: ClassicDimension): void {
    const name = this.#dimensionNames.claim(decodeBinary(dimension.name, this.#out, '/'));
    this.#nameOf.set(dimension, name);
    const length = this.#length(dimension);
    const maxShape = [dimension.isRecord ? null : length];
    this.#out.object({ path: `/${name}`, class: 'dimension', shape: [length], maxShape });
  }

  *#variable(variable: ClassicVariable): Generator<void, void, void> {
    const path = `/${this.#variableNames.claim(decodeBinary(variable.name, this.#out, '/'))}`;
    const shape = variable.dimensions.map((dimension) => this.#length(dimension));
    const dimensions = variable.dimensions.map((dimension) => this.#nameOf.get(dimension)!);
    this.#out.object({
      path,
      class: 'variable',
      dtype: variable.type.name,
      shape,
      maxShape: variable.isRecord ? [null, ...shape.slice(1)] : undefined,
      offset: variable.begin,
      length: variable.isRecord ? variable.slabBytes * this.#recordCount : variable.slabBytes,
      attributes: { dimensions },
    });
    this.#found(path, variable);
    const names = new UniqueNames();
    for (const attribute of variable.attributes) {
      if (this.#out.isFull) yield;
      this.#attribute(attribute, path, names);
    }
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
