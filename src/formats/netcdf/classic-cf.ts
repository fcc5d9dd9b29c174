import type { CfAttributes } from './cf-decoder.ts';
import type { ClassicAttribute } from './classic-model.ts';

/** The attributes of a classic variable, for decoding. */
export function classicCfAttributes(attributes: readonly ClassicAttribute[]): CfAttributes {
  const find = (name: string) => attributes.find((attribute) => attribute.name === name);
  return {
    numbers: (name) => {
      const { value, type } = find(name) ?? {};
      if (!Buffer.isBuffer(value) || type === undefined || value.length === 0) return undefined;
      const values: number[] = [];
      for (let at = 0; at < value.length; at += type.sizeBytes) values.push(Number(type.read(value, at)));
      return values;
    },
    text: (name) => {
      const { value } = find(name) ?? {};
      return typeof value === 'string' ? value.replace(/\0+$/, '') : undefined;
    },
  };
}
