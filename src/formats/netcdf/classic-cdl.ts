import type { Input } from '../../bytes/input.ts';
import { attributeTarget, dimensionLine, escapeName, quoteText, variableLine } from './cdl-text.ts';
import { cdlNumber } from './cdl-values.ts';
import { longValue } from './classic-long-value.ts';
import type { ClassicAttribute, ClassicDimension, ClassicElement, ClassicVariable } from './classic-model.ts';
import { type ClassicVisitor, walkClassic } from './classic-walk.ts';
import type { HeaderWindow } from './header-window.ts';

/** Prints elements as CDL. A value that is not in memory is passed on as its attribute. */
class CdlVisitor implements ClassicVisitor<string | ClassicAttribute> {
  #recordCount = 0;
  #section: ClassicElement['kind'] = 'start';
  readonly #globals: ClassicAttribute[] = [];

  begin(recordCount: number): void {
    this.#recordCount = recordCount;
  }

  *visit(element: ClassicElement): Generator<string | ClassicAttribute, void, void> {
    if (element.kind === 'dimension') {
      if (this.#enters('dimension')) yield 'dimensions:\n';
      yield this.#dimension(element);
    } else if (element.kind === 'attribute') this.#globals.push(element);
    else if (element.kind === 'variable') {
      if (this.#enters('variable')) yield 'variables:\n';
      yield* this.#variable(element);
    } else if (element.kind === 'end' && this.#globals.length > 0) {
      yield '\n// global attributes:\n';
      for (const attribute of this.#globals) yield* this.#attribute('', attribute);
    }
  }

  #enters(section: ClassicElement['kind']): boolean {
    const isNew = this.#section !== section;
    this.#section = section;
    return isNew;
  }

  #dimension({ name, isRecord, lengthCount }: ClassicDimension): string {
    return dimensionLine(name, isRecord ? this.#recordCount : lengthCount, isRecord);
  }

  *#variable(variable: ClassicVariable): Generator<string | ClassicAttribute, void, void> {
    const { name } = variable;
    const dimensions = variable.dimensions.map((dimension) => escapeName(dimension.name));
    yield variableLine(variable.type.name, name, dimensions);
    for (const attribute of variable.attributes) yield* this.#attribute(name, attribute);
  }

  *#attribute(owner: string, attribute: ClassicAttribute): Generator<string | ClassicAttribute, void, void> {
    yield `\t\t${attributeTarget(owner, attribute.name)} = `;
    const { value } = attribute;
    if (value === undefined) yield attribute;
    else if (typeof value === 'string' || value.length === 0) yield quoteText(value.toString(), true);
    else yield numbers(attribute, value);
    yield ' ;\n';
  }
}

function numbers({ type }: ClassicAttribute, bytes: Buffer): string {
  const values: string[] = [];
  for (let at = 0; at < bytes.length; at += type.sizeBytes) values.push(cdlNumber(type.name, type.read(bytes, at)));
  return values.join(', ');
}

/** The CDL of a classic header, between the braces, as binary strings. */
export async function* classicCdl(
  window: HeaderWindow,
  input: Input,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, void> {
  for await (const part of walkClassic(window, input, signal, new CdlVisitor())) {
    if (typeof part === 'string') yield part;
    else yield* longValue(part, input, signal);
  }
}
