import type { Input } from '../../bytes/input.ts';
import { TidegateError } from '../../errors.ts';
import { MiB } from '../../units.ts';
import { attributeTarget, dimensionLine, escapeName, quoteText, variableLine } from './cdl-text.ts';
import { cdlNumber } from './cdl-values.ts';
import { longValue } from './classic-long-value.ts';
import type { ClassicAttribute, ClassicDimension, ClassicElement, ClassicVariable } from './classic-model.ts';
import { ClassicWalk } from './classic-walk.ts';
import type { HeaderWindow } from './header-window.ts';

const MAX_HELD_BYTES = 16 * MiB;
const MAX_GLOBALS = 100_000;

/** Prints elements as CDL. A value that is not in memory is passed on as its attribute. */
class CdlVisitor {
  readonly #walk: ClassicWalk;
  #heldBytes = 0;
  #section: ClassicElement['kind'] = 'start';
  readonly #globals: ClassicAttribute[] = [];

  constructor(walk: ClassicWalk) {
    this.#walk = walk;
  }

  *visit(element: ClassicElement): Generator<string | ClassicAttribute, void, void> {
    if (element.kind === 'dimension') {
      if (this.#enters('dimension')) yield 'dimensions:\n';
      yield this.#dimension(element);
    } else if (element.kind === 'attribute') this.#hold(element);
    else if (element.kind === 'variable') {
      if (this.#enters('variable')) yield 'variables:\n';
      yield* this.#variable(element);
    } else if (element.kind === 'end' && this.#globals.length > 0) {
      yield '\n// global attributes:\n';
      for (const attribute of this.#globals) yield* this.#attribute('', attribute);
    }
  }

  /** Global attributes stand before the variables, and are printed behind them. Long ones are read again then. */
  #hold(attribute: ClassicAttribute): void {
    if (attribute.value !== undefined) this.#heldBytes += attribute.lengthBytes;
    const isHeld = this.#heldBytes <= MAX_HELD_BYTES || attribute.lengthBytes === 0;
    if (this.#globals.push(isHeld ? attribute : { ...attribute, value: undefined }) <= MAX_GLOBALS) return;
    const message = `Cannot hold the header: more than ${MAX_GLOBALS} global attributes`;
    throw new TidegateError('ERR_LIMIT', message, { offset: attribute.offset, limit: 'global attributes' });
  }

  #enters(section: ClassicElement['kind']): boolean {
    const isNew = this.#section !== section;
    this.#section = section;
    return isNew;
  }

  #dimension({ name, isRecord, lengthCount }: ClassicDimension): string {
    return dimensionLine(name, isRecord ? this.#walk.recordCount : lengthCount, isRecord);
  }

  *#variable(variable: ClassicVariable): Generator<string | ClassicAttribute, void, void> {
    const { name } = variable;
    const dimensions = variable.dimensions.map((dimension) => escapeName(dimension.name));
    yield variableLine(variable.type.name, name, dimensions);
    for (const attribute of variable.attributes) yield* this.#attribute(name, attribute);
  }

  *#attribute(owner: string, attribute: ClassicAttribute): Generator<string | ClassicAttribute, void, void> {
    yield `\t\t${attributeTarget(owner, attribute.name)} = `;
    const { value, type } = attribute;
    if (value === undefined) yield attribute;
    else if (typeof value === 'string') yield quoteText(value, true);
    else yield value.length === 0 ? '""' : value.map((number) => cdlNumber(type.name, number)).join(', ');
    yield ' ;\n';
  }
}

/** The CDL of a classic header, between the braces, as binary strings. */
export async function* classicCdl(
  window: HeaderWindow,
  input: Input,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, void> {
  const walk = new ClassicWalk(window, input, signal);
  const visitor = new CdlVisitor(walk);
  for (;;) {
    const element = walk.next();
    if (element === undefined) break;
    if (element instanceof Promise) await element;
    else
      for (const part of visitor.visit(element)) {
        if (typeof part === 'string') yield part;
        else yield* longValue(part, input, signal);
      }
  }
  walk.places();
}
