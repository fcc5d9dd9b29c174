/** How do I extract a whole folder inside 64 MiB, whatever is in it? With a budget, and a limit for the process. */
import { formatBytes, loadAll, MemoryBudget, MiB, toJsonLines } from 'tidegate';

const [folder = 'archive', target = 'archive.ndjson.gz'] = process.argv.slice(2);
const bareBytes = process.memoryUsage.rss();

// A quarter for what is in flight: the heap around it, the code and the readers take the rest.
const { files, failedFiles, records, sink } = await loadAll(folder, toJsonLines(target), {
  budget: new MemoryBudget(16 * MiB),
  maxRssBytes: bareBytes + 64 * MiB,
  deadLetters: (file) => console.log(`${file.file}: ${file.message}`),
});
console.log(`${records} records of ${files} files, ${failedFiles} of them not whole`);
const { peakBytesInFlight, peakRssBytes, slowdowns } = sink.memory!;
console.log(
  `at most ${formatBytes(peakBytesInFlight)} in flight, ${formatBytes(peakRssBytes - bareBytes)} more memory`,
);
for (const { reason, detail } of slowdowns) console.log(`it waited, because of ${reason}: ${detail}`);
