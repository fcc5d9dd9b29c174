import { presentPressure } from './pressure.ts';

/** Someone who wants bytes. */
export interface Claim {
  /** How many, by what is known now. Throws what the claim is to be refused with. */
  weigh(): number;
  /** Whether it may begin beside what runs, wherever its bytes come from. */
  mayBegin(): boolean;
}

/** Called when a claim is let in, with its bytes, and whether it went ahead of somebody. */
export type Begin<T> = (bytes: number, isAhead: boolean) => T;

/** Who waits. */
interface Applicant {
  readonly claim: Claim;
  readonly grant: Begin<void>;
  readonly refuse: (error: unknown) => void;
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

  /** Resolves with what `begin` makes of it when the bytes of `claim` are set aside. */
  enter<T>(claim: Claim, begin: Begin<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(applicant);
        reject(signal!.reason);
        this.#serve();
      };
      const grant = (bytes: number, isAhead: boolean) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(begin(bytes, isAhead));
      };
      const refuse = (error: unknown) => {
        signal?.removeEventListener('abort', onAbort);
        reject(error);
      };
      const applicant: Applicant = { claim, grant, refuse, overtaken: 0 };
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
      if (this.running >= this.#rules.concurrency) return;
      const bytes = this.#weigh(applicant);
      if (bytes === undefined) continue;
      if (this.#fits(applicant.claim, bytes)) {
        this.#waiting.delete(applicant);
        for (const each of passedOver) each.overtaken++;
        this.#admit(applicant, bytes, passedOver.length > 0);
      } else passedOver.push(applicant);
      // One that has been overtaken often enough stops the line: what is given back now is kept for it.
      const isHeld = passedOver.some(({ overtaken }) => overtaken >= this.#rules.maxOvertakes);
      if (isHeld || passedOver.length > LOOK_AHEAD) return;
    }
  }

  /** Again at each look: while it waits, more is learned about files like it. */
  #weigh(applicant: Applicant): number | undefined {
    try {
      return applicant.claim.weigh();
    } catch (error) {
      this.#waiting.delete(applicant);
      applicant.refuse(error);
      return undefined;
    }
  }

  #fits(claim: Claim, bytes: number): boolean {
    if (this.running === 0) return true;
    if (presentPressure() === 'critical' || !claim.mayBegin()) return false;
    return this.reservedBytes + bytes <= this.#rules.limitBytes;
  }

  #admit({ grant }: Applicant, bytes: number, isAhead: boolean): void {
    this.running++;
    this.reservedBytes += bytes;
    if (this.reservedBytes > this.peakReservedBytes) this.peakReservedBytes = this.reservedBytes;
    grant(bytes, isAhead);
  }
}
