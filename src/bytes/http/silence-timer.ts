import { TidegateError } from '../../errors.ts';

/** Aborts its signal when nothing was heard for `timeoutMs`, or when `outer` aborts. Caller stops it. */
export class SilenceTimer {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #outer: AbortSignal | undefined;

  constructor(name: string, timeoutMs: number, outer?: AbortSignal) {
    const message = `Cannot read ${name}: nothing came for ${timeoutMs} ms`;
    const onSilence = () =>
      this.#controller.abort(new TidegateError('ERR_TIMEOUT', message, { file: name, timeoutMs }));
    if (timeoutMs !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(onSilence, timeoutMs);
    this.#outer = outer;
    outer?.addEventListener('abort', this.#onOuter, { once: true });
    if (outer?.aborted) this.#onOuter();
  }

  readonly #onOuter = (): void => this.#controller.abort(this.#outer?.reason);

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something was heard. */
  heard(): void {
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#onOuter);
  }
}
