/** How much memory does a run take, and when is it short? A line whenever the level changes, and the peak. */
import { distinctUntilChanged } from 'rxjs';
import { drain, extract, formatBytes, limitMemory, MemoryMonitor, MiB } from 'tidegate';

const [path = 'big.nc'] = process.argv.slice(2);

const monitor = new MemoryMonitor({ limitBytes: 512 * MiB, everyMs: 50 });
monitor.memory$
  .pipe(distinctUntilChanged((a, b) => a.level === b.level))
  .subscribe(({ level, rssBytes }) => console.log(`${level}: ${formatBytes(rssBytes)}`));
monitor.start();
try {
  const report = await drain(extract(path).pipe(limitMemory({ monitor })), () => {});
  console.log(`${report.items} records`);
} finally {
  const { peak, average } = monitor.stop();
  console.log(`peak ${formatBytes(peak.rssBytes)}, on average ${formatBytes(Math.round(average.rssBytes))}`);
}
