import type { CfAttributes } from './cf-decoder.ts';
import type { ClassicAttribute } from './classic-model.ts';

/** The attributes of a classic variable, for decoding. */
export function classicCfAttributes(attributes: readonly ClassicAttribute[]): CfAttributes {
  const find = (name: string) => attributes.find((attribute) => attribute.name === name);
  return {
    numbers: (name) => {
      const value = find(name)?.value;
      return Array.isArray(value) && value.length > 0 ? value.map(Number) : undefined;
    },
    text: (name) => {
      const value = find(name)?.value;
      return typeof value === 'string' ? value.replace(/\0+$/, '') : undefined;
    },
  };
}
