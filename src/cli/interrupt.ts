import { EXIT } from './exit-code.ts';

/** How a run is interrupted: the first signal of the user stops it gently, the second at once. */
export interface Interrupt {
  /** Aborted by the first signal: finish the records under way. */
  readonly stop: AbortSignal;
  /** Aborted by the second signal: leave everything. */
  readonly abort: AbortSignal;
  /** The exit code that the signal asks for; `undefined` if there was none. */
  readonly exitCode: number | undefined;
}

/** Takes SIGINT and SIGTERM over, for the rest of the process. `onFirst` is called with the first. */
export function takeInterrupts(onFirst: (signal: NodeJS.Signals) => void): Interrupt {
  const stop = new AbortController();
  const abort = new AbortController();
  let exitCode: number | undefined;
  const hear = (signal: NodeJS.Signals) => {
    exitCode ??= signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    if (stop.signal.aborted) {
      abort.abort(new Error(`aborted by ${signal}`));
      return;
    }
    stop.abort();
    onFirst(signal);
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return {
    stop: stop.signal,
    abort: abort.signal,
    get exitCode() {
      return exitCode;
    },
  };
}
