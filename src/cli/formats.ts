import { formats } from '../formats/registry.ts';
import { EXIT } from './exit-code.ts';

/** `tidegate formats`: what can be read, a line each. */
export function runFormats(): number {
  const rows = formats().map((format) => [
    format.name,
    format.title,
    format.extensions.map((extension) => `.${extension}`).join(' '),
    format.mediaTypes[0] ?? '',
  ]);
  const table = [['FORMAT', 'TITLE', 'EXTENSIONS', 'MEDIA TYPE'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}
