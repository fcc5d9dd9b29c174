/** How do I write a sink of my own? An object with `write`: here one that counts records by kind, slowly. */
import { setTimeout } from 'node:timers/promises';
import { drain, type ExtractionRecord, extract, type Sink } from 'tidegate';

class KindCounter implements Sink<ExtractionRecord> {
  readonly counts = new Map<string, number>();

  /** One batch at a time; the promise holds the source back until it is fulfilled. */
  async write(records: readonly ExtractionRecord[]): Promise<void> {
    for (const { kind } of records) this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    await setTimeout(1);
  }

  close(): void {
    for (const [kind, count] of this.counts) console.log(`${kind} ${count}`);
  }
}

const [path = 'scan.dcm'] = process.argv.slice(2);
const report = await drain(extract(path), new KindCounter(), { highWaterMark: 16 });
console.log(`never more than ${report.peakQueuedItems} records in memory`);
