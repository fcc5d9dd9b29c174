import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { TidegateError } from '../../../errors.ts';
import { noteChild } from '../../../memory/children.ts';
import { watchMemory } from './child-memory.ts';
import { aborted, cannotStart, timedOut } from './process-errors.ts';
import type { ProcessOptions } from './process-options.ts';
import { StderrTail } from './stderr-tail.ts';

/** Children that live: none of them outlives this process. */
const alive = new Set<MediaProcess>();
let isHooked = false;

/**
 * One supervised child process: in a process group of its own, read no faster than it is consumed, ended with
 * SIGKILL (the whole group) by `kill`, by the signal and by its deadlines, and always reaped.
 */
export class MediaProcess {
  readonly #child: ChildProcess;
  readonly #options: ProcessOptions;
  readonly #stderr: StderrTail;
  readonly #feeding = new AbortController();
  readonly #exited: Promise<void>;
  #exitCode: number | null = null;
  #failure: TidegateError | undefined;
  #isKilled = false;
  #wake: (() => void) | undefined;

  /** Starts the process; throws `ERR_ABORTED` at once if the signal is aborted already. */
  constructor(options: ProcessOptions) {
    if (options.signal?.aborted) throw aborted(options.signal);
    this.#options = options;
    this.#stderr = new StderrTail(options.onLine);
    const stdin = options.feed ? 'pipe' : 'ignore';
    // A group of its own: what it starts is ended with it
    const isDetached = process.platform !== 'win32';
    this.#child = spawn(options.path, [...options.args], {
      stdio: [stdin, 'pipe', 'pipe'],
      detached: isDetached,
      windowsHide: true,
    });
    alive.add(this);
    hookExit();
    // With a listener for 'readable' Node keeps what is unread when the process ends; without, it throws it away
    const wake = (): void => this.#wake?.();
    this.#child.stdout!.on('readable', wake).on('end', wake).on('close', wake);
    this.#exited = this.#watch();
  }

  /** What it said last on standard error. */
  get stderrTail(): string {
    return this.#stderr.text;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Its standard output. Ends without an error only when the process has ended with code 0; leaving the loop early
   * kills it. What is not consumed stays in the pipe, and a full pipe stops the process.
   */
  async *chunks(): AsyncGenerator<Buffer, void, void> {
    const stdout = this.#child.stdout!;
    try {
      for (;;) {
        const chunk = await this.#read(stdout);
        if (chunk === null) break;
        yield chunk;
      }
      await this.#exited;
      this.#check();
    } finally {
      await this.kill();
    }
  }

  /** Ends it now, if it still runs. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#end();
    await this.#exited;
  }

  /** Ends it without waiting. */
  killNow(): void {
    this.#end();
  }

  async #watch(): Promise<void> {
    const { signal, timeoutMs } = this.#options;
    const onAbort = (): void => this.#end();
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = Number.isFinite(timeoutMs)
      ? setTimeout(() => this.#timeOut('wall', timeoutMs!), timeoutMs)
      : undefined;
    const memory = watchMemory(this.#child.pid, this.#options);
    const forget = noteChild(this.#child.pid);
    this.#child.stderr!.on('data', (bytes: Buffer) => this.#stderr.push(bytes));
    if (this.#options.feed) this.#feed(this.#options.feed);
    try {
      await new Promise<void>((resolve) => {
        this.#child.once('error', (cause: NodeJS.ErrnoException) => {
          this.#failure ??= cannotStart(this.#options.path, cause);
          this.#child.stdout?.destroy();
          if (this.#child.pid === undefined) resolve();
        });
        // 'close', not 'exit': all that it wrote to standard error has arrived then
        this.#child.once('close', (code) => {
          this.#exitCode = code;
          resolve();
        });
      });
    } finally {
      this.#stderr.end();
      clearTimeout(timer);
      memory?.stop();
      forget();
      signal?.removeEventListener('abort', onAbort);
      this.#feeding.abort();
      alive.delete(this);
    }
  }

  #feed(feed: NonNullable<ProcessOptions['feed']>): void {
    const stdin = this.#child.stdin!;
    stdin.on('error', () => {}); // EPIPE: it has read what it wanted; its exit code tells the rest
    feed(stdin, this.#feeding.signal).then(
      () => stdin.end(),
      (cause: unknown) => {
        if (!this.#feeding.signal.aborted)
          this.#fail(new TidegateError('ERR_INPUT_READ', 'Cannot feed ffmpeg: the input failed', { cause }));
      },
    );
  }

  /** The next bytes, `null` at the end. The idle clock only runs while somebody waits here. */
  async #read(stdout: Readable): Promise<Buffer | null> {
    const idleMs = this.#options.idleTimeoutMs ?? 30_000;
    let timer: NodeJS.Timeout | undefined;
    try {
      for (;;) {
        if (this.#failure || this.#isKilled) return null;
        const chunk = stdout.read() as Buffer | null;
        if (chunk !== null) return chunk;
        if (stdout.readableEnded || stdout.destroyed) return null;
        timer ??= Number.isFinite(idleMs) ? setTimeout(() => this.#timeOut('idle', idleMs), idleMs) : undefined;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #timeOut(which: 'wall' | 'idle', limitMs: number): void {
    this.#fail(timedOut(this.#options.path, which, limitMs));
  }

  #fail(error: TidegateError): void {
    this.#failure ??= error;
    this.#end();
  }

  #end(): void {
    if (this.#isKilled) return;
    this.#isKilled = true;
    // Unread output keeps the pipe open: without this the 'close' of a paused child never comes
    this.#child.stdout?.destroy();
    this.#child.stdin?.destroy();
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      if (process.platform === 'win32') this.#child.kill('SIGKILL');
      else process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL'); // the group is gone already, or was never made
    }
  }

  #check(): void {
    const { signal, path } = this.#options;
    if (signal?.aborted) throw aborted(signal);
    if (this.#failure) throw this.#failure;
    if (this.#exitCode === 0) return;
    const last = this.stderrTail.trim().split('\n').at(-1) ?? '';
    const message = `Cannot go on: ${path} ended with code ${this.#exitCode}: ${last.slice(-500)}`;
    throw new TidegateError('ERR_CHILD_PROCESS', message, { exitCode: this.#exitCode, stderr: this.stderrTail });
  }
}

function hookExit(): void {
  if (isHooked) return;
  isHooked = true;
  process.once('exit', () => {
    for (const child of alive) child.killNow();
  });
}
