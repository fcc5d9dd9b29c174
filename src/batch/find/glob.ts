import { sep } from 'node:path';
import picomatch from 'picomatch';

/** A pattern, split into the folder where the search begins and the test that paths below it must pass. */
export interface Glob {
  /** The part before the first special character, `.` if there is none. */
  readonly base: string;
  /** Whether a file at this path below `base` is meant. */
  accepts(path: string): boolean;
  /** Whether the folder at this path below `base` can hold files that are meant. */
  mayHold(path: string): boolean;
}

const isWindows = sep === '\\';

/** Whether the text has a special character of a glob: `* ? [] {} **` or an extended one. */
export function isGlob(text: string): boolean {
  return picomatch.scan(text, { nonegate: true }).isGlob;
}

/** Parses a pattern. As in a shell, `*` and `**` do not match a leading dot unless `dot` is set. */
export function parseGlob(pattern: string, dot: boolean): Glob {
  // posix: `[!a]` is `[^a]`, `[[:digit:]]` is a class.
  const options = { dot, nonegate: true, posix: true, windows: isWindows };
  const { base, prefix, glob, parts } = scan(pattern);
  const accepts = picomatch(glob, options);
  // Segment by segment a folder is tested as far as each segment of the pattern stands for one level.
  const fixed: picomatch.Matcher[] = [];
  for (const part of parts) {
    if (part.includes('**') || part.includes('/')) break;
    fixed.push(picomatch(part, options));
  }
  const isDeep = fixed.length < parts.length;
  const namesDots = dot || parts.some((part) => part.startsWith('.') || part.includes('/.') || part.includes('{.'));
  return {
    base: prefix + base || '.',
    accepts: (path) => accepts(path),
    mayHold: (path) => {
      const segments = path.split(sep);
      if (!isDeep && segments.length >= fixed.length) return false;
      const depth = segments.length - 1;
      if (depth < fixed.length) return fixed[depth]!(segments[depth]!);
      return namesDots || !segments[depth]!.startsWith('.');
    },
  };
}

function scan(pattern: string): { base: string; prefix: string; glob: string; parts: readonly string[] } {
  const { base, prefix, glob } = picomatch.scan(pattern, { nonegate: true, unescape: true });
  const { parts } = picomatch.scan(glob, { nonegate: true, parts: true }) as { parts?: string[] };
  return { base, prefix: prefix === './' ? '' : prefix, glob, parts: parts?.length ? parts : [glob] };
}
