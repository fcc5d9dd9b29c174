import dicomParser from 'dicom-parser';

/** One group of a person's name: PS3.5 6.2.1.1. */
export interface NameParts {
  readonly familyName?: string;
  readonly givenName?: string;
  readonly middleName?: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** The groups of a PN, as far as it has them. */
export interface PersonName {
  readonly alphabetic?: NameParts;
  readonly ideographic?: NameParts;
  readonly phonetic?: NameParts;
}

/** The text of a PN field in its parts: `'Yamada^Tarou=山田^太郎'` -> `{ alphabetic: { familyName: 'Yamada' ... } ... }`. */
export function parsePersonName(text: string): PersonName {
  const [alphabetic = '', ideographic = '', phonetic = ''] = text.split('=');
  return {
    ...(alphabetic !== '' && { alphabetic: dicomParser.parsePN(alphabetic) }),
    ...(ideographic !== '' && { ideographic: dicomParser.parsePN(ideographic) }),
    ...(phonetic !== '' && { phonetic: dicomParser.parsePN(phonetic) }),
  };
}

/** The text of a DA field: `'20200229'` -> `{ year: 2020, month: 2, day: 29 }`; `undefined` if there is no such day. */
export function parseDate(text: string): { year: number; month: number; day: number } | undefined {
  try {
    return dicomParser.parseDA(text, true);
  } catch {
    return undefined;
  }
}

/** A time of day; what the text leaves out is left out. */
export interface TimeOfDay {
  readonly hours: number;
  readonly minutes?: number;
  readonly seconds?: number;
  /** Microseconds. */
  readonly fractionalSeconds?: number;
}

/** The text of a TM field: `'235959.5'` -> `{ hours: 23 ... }`; `undefined` if there is no such time. */
export function parseTime(text: string): TimeOfDay | undefined {
  try {
    return dicomParser.parseTM(text, true);
  } catch {
    return undefined;
  }
}
