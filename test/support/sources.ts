import type { Observable } from 'rxjs';
import { countedSource, type SourceKind, type Tally } from '../../src/testing/index.ts';

export { SOURCE_KINDS, type SourceKind, StallingSink, settled as quiet, tally } from '../../src/testing/index.ts';

/** {@link countedSource} with the tally in reach: it is in nearly every test of the flow. */
export function counted(
  kind: SourceKind,
  count: number,
  tally?: Tally,
  options: { readonly label?: string } = {},
): Observable<number> {
  return countedSource(kind, count, { tally, ...options });
}
