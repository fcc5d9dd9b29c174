/** What a scanner is told. */
export interface ScannerOptions {
  /** Sequences inside one another before `ERR_LIMIT`. @defaultValue 256 */
  readonly maxDepth?: number | undefined;
  /** First top-level tag that is not read. @defaultValue none */
  readonly untilTag?: number | undefined;
  /** Sequences of defined length up to so many bytes have their items counted. @defaultValue 0 */
  readonly countBytes?: number | undefined;
}
