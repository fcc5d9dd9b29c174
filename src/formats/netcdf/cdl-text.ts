/*
 * CDL is written byte by byte: text here is a "binary string", one character a byte (Latin-1), whatever the
 * character set of the file. So names that are not UTF-8 come out as they are.
 */

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
};
const SPECIAL_IN_TEXT = /[\0-\x1f\x7f\\'"]/g;
const SPECIAL_IN_NAME = /[\x01-\x1f\x7f !"#$&'()*,:;<=>?[\]\\^`{|}~]/g;
/** Before the colon of their attributes these names need a space: else they would open a section. */
const SECTIONS = new Set(['variables', 'dimensions', 'data', 'group', 'types']);

const octal = (char: string): string => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;

/** The inside of a quoted text. `splitsLines`: a new string after each newline, as in files of the classic model. */
export function escapeText(text: string, splitsLines: boolean): string {
  return text.replace(SPECIAL_IN_TEXT, (char) => {
    if (char === '\n' && splitsLines) return '\\n",\n\t\t\t"';
    return NAMED_ESCAPES[char] ?? octal(char);
  });
}

/** A quoted text. Trailing NULs are not shown. */
export function quoteText(text: string, splitsLines: boolean): string {
  return `"${escapeText(text.replace(/\0+$/, ''), splitsLines)}"`;
}

/** A name, with what has a meaning in CDL escaped. It ends at its first NUL, as in C. */
export function escapeName(name: string): string {
  const nul = name.indexOf('\0');
  const escaped = (nul < 0 ? name : name.slice(0, nul)).replace(SPECIAL_IN_NAME, (char) =>
    char < ' ' || char === '\x7f' ? `\\%${char.charCodeAt(0).toString(16).padStart(2, '0')}` : `\\${char}`,
  );
  return /^[0-9]/.test(escaped) ? `\\${escaped}` : escaped;
}

/** What stands before the ` = ` of an attribute; `owner` is the variable, or `''`. */
export function attributeTarget(owner: string, name: string): string {
  return `${escapeName(owner)}${SECTIONS.has(owner) ? ' ' : ''}:${escapeName(name)}`;
}

/** The declaration of a dimension. */
export function dimensionLine(name: string, length: number, isUnlimited: boolean): string {
  return `\t${escapeName(name)} = ${isUnlimited ? `UNLIMITED ; // (${length} currently)` : `${length} ;`}\n`;
}

/** The declaration of a variable. `dimensions` are escaped already. */
export function variableLine(type: string, name: string, dimensions: readonly string[]): string {
  return `\t${type} ${escapeName(name)}${dimensions.length > 0 ? `(${dimensions.join(', ')})` : ''} ;\n`;
}

/** The name after `netcdf`: the last part of a path, without its extension. */
export function datasetName(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  return Buffer.from(dot < 0 ? base : base.slice(0, dot), 'utf8').toString('latin1');
}
