import type { WriteStream } from 'node:tty';
import type { Meter } from '../batch/lanes/meter.ts';
import type { Tally } from '../batch/lanes/tally.ts';
import { formatBytes } from '../units.ts';
import { printable } from './printable.ts';

const INTERVAL_MS = 250;

/** What a {@link Progress} shows. */
interface ProgressFacts {
  readonly tally: Tally;
  readonly meter: Meter;
  /** Memory that the run may take beyond `baseRssBytes`. */
  readonly memoryBytes: number;
  /** RSS before the run. */
  readonly baseRssBytes: number;
}

/** One line on a terminal, drawn again four times a second; messages go above it. On anything else: messages only. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #facts: ProgressFacts;
  readonly #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;
  #rate = 0;
  #last = { bytes: 0, ms: performance.now() };

  constructor(stream: NodeJS.WriteStream, isQuiet: boolean, facts: ProgressFacts) {
    this.#stream = stream;
    this.#facts = facts;
    if (stream.isTTY && !isQuiet) this.#timer = setInterval(() => this.#draw(), INTERVAL_MS).unref();
  }

  /** A line of its own, above the progress. */
  message(text: string): void {
    this.#clear();
    this.#stream.write(`tidegate: ${printable(text)}\n`);
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\u001b[K');
    this.#isDrawn = false;
  }

  #draw(): void {
    const columns = (this.#stream as Partial<WriteStream>).columns ?? 80;
    const line = progressLine(this.#facts, process.memoryUsage.rss(), this.#measureRate());
    // A line that is wider than the terminal would wrap, and could not be taken back.
    this.#stream.write(`\r\u001b[K${[...line].slice(0, columns - 1).join('')}`);
    this.#isDrawn = true;
  }

  /** Bytes per second, smoothed over about a second. */
  #measureRate(): number {
    const ms = performance.now();
    const bytes = this.#facts.meter.bytesRead;
    const now = ((bytes - this.#last.bytes) * 1000) / Math.max(1, ms - this.#last.ms);
    this.#last = { bytes, ms };
    this.#rate += (now - this.#rate) / 4;
    return this.#rate;
  }
}

/** Files, failures, bytes and their rate, memory against what is allowed, the pressure that follows, the file. */
function progressLine(facts: ProgressFacts, rssBytes: number, bytesPerSecond: number): string {
  const { files, failedFiles, records } = facts.tally.summary;
  const usedBytes = Math.max(0, rssBytes - facts.baseRssBytes);
  const parts = [
    `${files} files${failedFiles > 0 ? ` (${failedFiles} failed)` : ''}`,
    `${records} records`,
    `${formatBytes(facts.meter.bytesRead)} at ${formatBytes(Math.round(bytesPerSecond))}/s`,
    `memory ${formatBytes(usedBytes)} of ${formatBytes(facts.memoryBytes)}, ${pressure(usedBytes / facts.memoryBytes)}`,
    printable(facts.meter.latest),
  ];
  return parts.join(' | ');
}

function pressure(ratio: number): string {
  return ratio < 0.6 ? 'normal' : ratio < 0.75 ? 'elevated' : ratio < 0.88 ? 'high' : 'critical';
}
