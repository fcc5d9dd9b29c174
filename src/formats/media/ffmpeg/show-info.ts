/** What ffmpeg's `showinfo` filter says about a picture. */
export interface PictureInfo {
  /** Presentation time in seconds; `undefined` if it has none. */
  readonly time: number | undefined;
  readonly isKeyframe: boolean;
  /** I, P, B ... */
  readonly type: string;
  /** Mean of the first plane, where checksums are on. */
  readonly mean: number | undefined;
}

const UNKNOWN: PictureInfo = { time: undefined, isKeyframe: false, type: '?', mean: undefined };
const MAX_ERRORS = 8;
/** Lines come through another pipe than the pictures: a picture waits this long for its line. */
const PATIENCE_MS = 5000;

/** Pairs the lines of `showinfo` with the pictures, by their number, and collects complaints. */
export class ShowInfo {
  readonly errors: string[] = [];
  readonly #infos = new Map<number, PictureInfo>();
  #wake: (() => void) | undefined;

  push(line: string): void {
    if (/\[(error|fatal|panic)\]/.test(line) && this.errors.length < MAX_ERRORS) this.errors.push(line.trim());
    const match = /showinfo.*\bn: *(\d+) pts:.*pts_time: *(\S+).*iskey: *(\d) type: *(\S)/.exec(line);
    if (!match) return;
    const mean = /mean:\[(\d+)/.exec(line)?.[1];
    const time = Number(match[2]);
    this.#infos.set(Number(match[1]), {
      time: Number.isFinite(time) ? time : undefined,
      isKeyframe: match[3] === '1',
      type: match[4]!,
      mean: mean === undefined ? undefined : Number(mean),
    });
    this.#wake?.();
  }

  /** What is known about picture `index`; what was said about those before it is forgotten. */
  async take(index: number): Promise<PictureInfo> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!this.#infos.has(index) && Date.now() < deadline) await this.#nextLine(deadline - Date.now());
    const info = this.#infos.get(index) ?? UNKNOWN;
    this.#infos.delete(index);
    return info;
  }

  #nextLine(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
