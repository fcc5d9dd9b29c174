import { type Input, isPromise } from '../../bytes/input.ts';
import { MiB } from '../../units.ts';
import { eachBatch, enumNames, type Hdf5File, type ObjectHeader, readObject, TreeGuard } from '../hdf5/index.ts';
import { CdlLines } from './cdl-lines.ts';
import { attributeTarget, dimensionLine, escapeName, quoteText, variableLine } from './cdl-text.ts';
import { cdlUserValue } from './cdl-user-value.ts';
import { cdlNumber } from './cdl-values.ts';
import type { HeaderWindow } from './header-window.ts';
import { type Nc4Attribute, type Nc4Value, nc4Attribute, nc4Value, orderedAttributes } from './nc4-attributes.ts';
import { cdlName, cdlTypeLines, cdlTypeName } from './nc4-cdl-types.ts';
import type { Nc4Dimension, Nc4Group, Nc4Variable } from './nc4-model.ts';
import { isClassicModel, openNc4 } from './nc4-open.ts';
import type { Nc4Scan, Nc4ScanListener } from './nc4-scan.ts';
import type { Nc4TypeRef } from './nc4-types.ts';

/** Attributes are printed whole; larger ones than this no writer makes. */
const LIMITS = { maxElements: 2 ** 24, maxBytes: 64 * MiB };
const STRICT: Nc4ScanListener = {
  isFull: false,
  failed: (error) => {
    throw error;
  },
  skipped: () => {},
};
const binary = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** The CDL of a NetCDF-4 file, between the braces, as binary strings. Throws at what cannot be read. */
export async function* nc4Cdl(
  window: HeaderWindow,
  input: Input,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, void> {
  const opening = openNc4(window, input, { signal }, STRICT);
  let step = await opening.next();
  while (step.done !== true) step = await opening.next();
  const scan = step.value;
  yield* new Nc4Printer(scan, await isClassicModel(scan)).print();
}

class Nc4Printer {
  readonly #scan: Nc4Scan;
  readonly #file: Hdf5File;
  readonly #isClassic: boolean;
  readonly #lines = new CdlLines();
  readonly #guard: TreeGuard;

  constructor(scan: Nc4Scan, isClassic: boolean) {
    this.#scan = scan;
    this.#file = scan.file;
    this.#isClassic = isClassic;
    this.#guard = new TreeGuard(scan.file.sizeBytes);
  }

  /** Groups within groups, without recursion: a group is opened, its content printed, and closed behind its last child. */
  async *print(): AsyncGenerator<string, void, void> {
    yield* this.#content(this.#scan.root);
    const open = [{ group: this.#scan.root, next: 0 }];
    for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
      const child = frame.group.groups[frame.next++];
      if (child !== undefined) {
        yield `\n${this.#lines.indent}group: ${cdlName(child.name)} {\n`;
        this.#lines.indent += '  ';
        yield* this.#content(child);
        open.push({ group: child, next: 0 });
        continue;
      }
      open.pop();
      if (frame.group.parent === undefined) return;
      yield `${this.#lines.indent}} // group ${cdlName(frame.group.name)}\n`;
      this.#lines.indent = this.#lines.indent.slice(2);
    }
  }

  async *#content(group: Nc4Group): AsyncGenerator<string, void, void> {
    yield* this.#types(group);
    const { indent } = this.#lines;
    if (group.dimensions.length > 0) yield `${indent}dimensions:\n`;
    for (const { name, lengthCount, isUnlimited } of group.dimensions) {
      yield `${indent}${dimensionLine(binary(name), lengthCount, isUnlimited)}`;
    }
    if (group.variables.length > 0) yield `${indent}variables:\n`;
    for (const variable of group.variables) yield* this.#variable(group, variable);
    let isFirst = true;
    for await (const line of this.#attributes(group, '', (await this.#object(group.address)).header)) {
      if (isFirst) yield `\n${indent}// ${group.parent === undefined ? 'global' : 'group'} attributes:\n`;
      isFirst = false;
      yield line;
    }
  }

  *#types(group: Nc4Group): Generator<string, void, void> {
    if (group.types.length === 0) return;
    const { indent } = this.#lines;
    yield `${indent}types:\n`;
    this.#lines.indent += '  ';
    for (const type of group.types) yield* cdlTypeLines(this.#scan.types, type, this.#lines);
    this.#lines.indent = indent;
  }

  async *#variable(group: Nc4Group, variable: Nc4Variable): AsyncGenerator<string, void, void> {
    const object = await this.#object(variable.address);
    if (object.kind !== 'dataset') return;
    const type = cdlTypeName(this.#scan.types.ofVariable(object.type, object.typeAddress), group);
    const dimensions = variable.dimensions.map((dimension) => dimensionName(dimension!, group));
    yield `${this.#lines.indent}${variableLine(type, binary(variable.name), dimensions)}`;
    yield* this.#attributes(group, binary(variable.name), object.header);
  }

  async *#attributes(group: Nc4Group, owner: string, header: ObjectHeader): AsyncGenerator<string, void, void> {
    for await (const batch of eachBatch(this.#file, () => orderedAttributes(this.#file, header, this.#guard))) {
      for (const source of batch) {
        const attribute = nc4Attribute(source, this.#scan.types);
        if (attribute === undefined || attribute === 'unknown') continue;
        const pending = this.#file.run(() => nc4Value(this.#file, attribute, LIMITS));
        const value = isPromise(pending) ? await pending : pending;
        if (value !== undefined) yield this.#attribute(group, owner, attribute, value);
      }
    }
  }

  #attribute(group: Nc4Group, owner: string, { source, ref }: Nc4Attribute, value: Nc4Value): string {
    const isTyped = ref.kind === 'user' || ref.kind === 'string';
    const target = attributeTarget(owner, binary(source.name));
    return `${this.#lines.indent}\t\t${isTyped ? `${cdlTypeName(ref, group)} ` : ''}${target} = ${this.#value(ref, value)} ;\n`;
  }

  #value(ref: Nc4TypeRef, value: Nc4Value): string {
    if (value.kind === 'text') return quoteText(value.bytes.toString('latin1'), this.#isClassic);
    if (value.kind === 'strings') {
      if (value.strings.length === 0) return '""';
      return value.strings.map((bytes) => quoteText(bytes.toString('latin1'), this.#isClassic)).join(', ');
    }
    if (value.kind === 'user') return this.#userValues(value);
    if (value.numbers.length === 0 || ref.kind !== 'number') return '""';
    return value.numbers.map((number) => cdlNumber(ref.name, number)).join(', ');
  }

  #userValues({ type, elements }: Extract<Nc4Value, { kind: 'user' }>): string {
    if (type.class === 'opaque') return elements.map((element) => cdlUserValue(type, element)).join(', ');
    if (type.class === 'enum') {
      const names = enumNames(type);
      return elements.map((element) => cdlName(names.get(element as number) ?? `${element}`)).join(', ');
    }
    const last = elements.length - 1;
    const shown = elements.map((element, index) => `${cdlUserValue(type, element)}${index < last ? ', ' : ''}`);
    return shown.map((piece) => this.#lines.put(piece)).join('');
  }

  async #object(address: number) {
    const pending = this.#file.run(() => readObject(this.#file, address));
    return isPromise(pending) ? await pending : pending;
  }
}

/** The name of a dimension as seen from a group: with its path where a nearer one has the same name, or it is elsewhere. */
function dimensionName(dimension: Nc4Dimension, from: Nc4Group): string {
  let isHidden = false;
  for (let group: Nc4Group | undefined = from; group !== undefined; group = group.parent) {
    if (group === dimension.group) {
      const path = group.path === '/' ? '/' : `${cdlName(group.path)}/`;
      return isHidden ? `${path}${cdlName(dimension.name)}` : cdlName(dimension.name);
    }
    isHidden ||= group.dimensions.some((one) => one.name === dimension.name);
  }
  return `${dimension.group.path === '/' ? '/' : `${escapeName(binary(dimension.group.path))}/`}${cdlName(dimension.name)}`;
}
