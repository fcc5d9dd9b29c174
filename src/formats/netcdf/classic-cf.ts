import type { CfAttributes } from './cf-decoder.ts';
import type { ClassicAttribute } from './classic-model.ts';

/** The attributes of a classic variable, for decoding. */
export function classicCfAttributes(attributes: readonly ClassicAttribute[]): CfAttributes {
  const find = (name: string) => attributes.find((attribute) => attribute.nameBytes.toString('utf8') === name);
  return {
    numbers: (name) => {
      const { bytes, type } = find(name) ?? {};
      if (bytes === undefined || type === undefined || type.name === 'char' || bytes.length === 0) return undefined;
      const values: number[] = [];
      for (let at = 0; at < bytes.length; at += type.sizeBytes) values.push(Number(type.read(bytes, at)));
      return values;
    },
    text: (name) => {
      const { bytes, type } = find(name) ?? {};
      return type?.name === 'char' ? bytes?.toString('utf8').replace(/\0+$/, '') : undefined;
    },
  };
}
