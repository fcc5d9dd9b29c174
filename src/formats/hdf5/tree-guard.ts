import { malformed } from './malformed.ts';

/**
 * Proves that a walk over trees ends. The nodes of honest trees (and the chunks of a dataset) do not overlap, so
 * together they have at most the bytes of the file; a walk that needs more goes in circles, or meets the same over
 * and over.
 */
export class TreeGuard {
  readonly #limitBytes: number;
  #seenBytes = 0;

  constructor(fileBytes: number) {
    this.#limitBytes = fileBytes;
  }

  /** Counts a node before its children are looked at. `ERR_MALFORMED` once the nodes cannot all be different ones. */
  visit(address: number, nodeBytes: number): void {
    this.#seenBytes += nodeBytes;
    if (this.#seenBytes <= this.#limitBytes) return;
    throw malformed('file', `its parts have more bytes than it: what stands at ${address} was met before`, address);
  }
}
