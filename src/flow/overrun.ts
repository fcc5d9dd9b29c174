import { warnOnce } from './warn.ts';

/** Says once that a source pushes on into a gate that is shut. */
export function warnOfOverrun(label: string, items: number, mark: number): void {
  warnOnce(
    `overrun ${label}`,
    'TIDEGATE_OVERRUN',
    `${label} holds ${items} items above its mark of ${mark}: its source does not wait. ` +
      'Use from or fromPull of tidegate, or put backpressure({ overflow }) behind it',
  );
}
