import { type Datatype, enumNames } from '../hdf5/index.ts';
import type { CdlLines } from './cdl-lines.ts';
import { escapeName } from './cdl-text.ts';
import type { Nc4Group, Nc4Type } from './nc4-model.ts';
import { atomicName, type Nc4TypeRef, type Nc4Types } from './nc4-types.ts';

const binary = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** A name of the file, escaped. */
export function cdlName(name: string): string {
  return escapeName(binary(name));
}

/** The name of a type as seen from a group: with its path where no group above it has a type of that name. */
export function cdlTypeName(found: Nc4TypeRef | undefined, from: Nc4Group): string {
  if (found === undefined) return 'unknown';
  if (found.kind !== 'user') return found.name;
  for (let group: Nc4Group | undefined = from; group !== undefined; group = group.parent) {
    if (group.types.some((one) => one.name === found.name)) return cdlName(found.name);
  }
  return `${cdlName(found.type.group.path)}/${cdlName(found.name)}`;
}

/** The declaration of a user type. */
export function* cdlTypeLines(types: Nc4Types, { name, type, group }: Nc4Type, lines: CdlLines): Generator<string> {
  const { indent } = lines;
  const typeName = (one: Datatype): string => cdlTypeName(types.find(one), group);
  if (type.class === 'opaque') yield `${indent}opaque(${type.sizeBytes}) ${cdlName(name)} ;\n`;
  else if (type.class === 'vlen') yield `${indent}${typeName(type.base)}(*) ${cdlName(name)} ;\n`;
  else if (type.class === 'enum') {
    yield `${indent}${lines.put(`${atomicName(type.base)} enum ${cdlName(name)} {`)}`;
    const members = [...enumNames(type)];
    for (const [index, [value, member]] of members.entries()) {
      yield lines.put(`${cdlName(member)} = ${value}${index === members.length - 1 ? '} ;\n' : ', '}`);
    }
  } else if (type.class === 'compound') {
    yield `${indent}compound ${cdlName(name)} {\n`;
    for (const member of type.members) {
      const { base, shape } = memberShape(member.type);
      yield `${indent}  ${typeName(base)} ${cdlName(member.name)}${shape.length > 0 ? `(${shape.join(', ')})` : ''} ;\n`;
    }
    yield `${indent}}; // ${cdlName(name)}\n`;
  }
}

function memberShape(type: Datatype): { base: Datatype; shape: readonly number[] } {
  return type.class === 'array' ? { base: type.base, shape: type.shape } : { base: type, shape: [] };
}
