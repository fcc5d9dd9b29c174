import { presentPressure } from './pressure.ts';

/** Who waits. */
interface Applicant {
  readonly bytes: number;
  readonly grant: (hasOvertaken: boolean) => void;
  /** How often somebody behind it went first. */
  overtaken: number;
}

/** Those behind one that waits who are looked at: with thousands in line, each release must stay cheap. */
const LOOK_AHEAD = 32;

/** What an {@link AdmissionLine} keeps to. */
export interface AdmissionRules {
  readonly limitBytes: number;
  readonly concurrency: number;
  readonly maxOvertakes: number;
}

/**
 * Those that run and those that wait for their bytes, first come, first served, but for smaller ones that fit beside
 * what runs. Nothing waits for ever: whoever is first in the line and alone goes in, whatever it takes.
 */
export class AdmissionLine {
  reservedBytes = 0;
  peakReservedBytes = 0;
  running = 0;
  readonly #rules: AdmissionRules;
  readonly #waiting: Set<Applicant> = new Set();

  constructor(rules: AdmissionRules) {
    this.#rules = rules;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when `bytes` are set aside: with `true` if it went ahead of somebody. */
  enter(bytes: number, signal?: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(applicant);
        reject(signal!.reason);
        this.#serve();
      };
      const grant = (hasOvertaken: boolean) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(hasOvertaken);
      };
      const applicant: Applicant = { bytes, grant, overtaken: 0 };
      this.#waiting.add(applicant);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#serve();
    });
  }

  leave(bytes: number): void {
    this.reservedBytes -= bytes;
    this.running--;
    this.#serve();
  }

  #serve(): void {
    const passedOver: Applicant[] = [];
    for (const applicant of this.#waiting) {
      if (this.#fits(applicant.bytes)) {
        this.#waiting.delete(applicant);
        for (const each of passedOver) each.overtaken++;
        this.#admit(applicant, passedOver.length > 0);
      } else passedOver.push(applicant);
      // One that has been overtaken often enough stops the line: what is given back now is kept for it.
      const isHeld = passedOver.some(({ overtaken }) => overtaken >= this.#rules.maxOvertakes);
      if (isHeld || passedOver.length > LOOK_AHEAD || this.running >= this.#rules.concurrency) return;
    }
  }

  #fits(bytes: number): boolean {
    if (this.running === 0) return true;
    if (this.running >= this.#rules.concurrency || presentPressure() === 'critical') return false;
    return this.reservedBytes + bytes <= this.#rules.limitBytes;
  }

  #admit(applicant: Applicant, hasOvertaken: boolean): void {
    this.running++;
    this.reservedBytes += applicant.bytes;
    if (this.reservedBytes > this.peakReservedBytes) this.peakReservedBytes = this.reservedBytes;
    applicant.grant(hasOvertaken);
  }
}
