import type { ExtractionRecord } from '../src/records.ts';

/** Names of fields that tell most about a file, the best first. */
export const TELLING: readonly string[] = [
  'PatientName',
  'Modality',
  'OBJECT',
  'EXPTIME',
  'operator',
  'title',
  'units',
  'duration',
  'signature',
];
const EXAMPLES = 3;

/** What the records of one file add up to, for one line of a table. */
export class FileStory {
  readonly #file: string;
  #format = '';
  #status = 'unfinished';
  #records = 0;
  #problem: string | undefined;
  readonly #values = new Map<string, string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes the next record. */
  add(record: ExtractionRecord): this {
    this.#format = record.format;
    this.#records++;
    if (record.kind === 'end') this.#status = record.status;
    if (record.kind === 'issue' && record.severity === 'error') this.#problem ??= `${record.code}: ${record.message}`;
    if (record.kind === 'field' && TELLING.includes(record.name) && record.value !== null) {
      this.#values.set(
        record.name,
        `${record.name} = ${valueText(record.value)}${record.unit ? ` ${record.unit}` : ''}`,
      );
    }
    return this;
  }

  /** The cells: file (without `folder`), format, records, status, examples or the problem. */
  row(folder: string): readonly string[] {
    const at = this.#file.indexOf(`${folder}/`);
    const name = at < 0 ? this.#file : this.#file.slice(at + folder.length + 1);
    const examples = TELLING.flatMap((telling) => this.#values.get(telling) ?? []).slice(0, EXAMPLES);
    return [name, this.#format, String(this.#records), this.#status, this.#problem ?? examples.join(', ')];
  }
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
