const said = new Set<string>();

/** Emits a process warning with a stable code, once per `key`. */
export function warnOnce(key: string, code: string, message: string): void {
  if (said.has(key) || said.size > 1000) return;
  said.add(key);
  warn(code, message);
}

/** Emits a process warning with a stable code. */
export function warn(code: string, message: string): void {
  process.emitWarning(message, { type: 'TidegateWarning', code });
}

/** A failure that has nobody left to be told: work that was cancelled fails to clean up. */
export function warnOfLateError(where: string, error: unknown): void {
  warn(
    'TIDEGATE_LATE_ERROR',
    `${where} failed after its end: ${error instanceof Error ? error.message : String(error)}`,
  );
}
