/** How short is memory, what do my files take of it, which formats take too much, and does anything leak? */
import * as tidegate from 'tidegate';

const { drain, extract, LeakWatch, limitMemory, MemoryBudget, MemoryMonitor, MiB, profileFiles } = tidegate;
const [path = 'scan.dcm'] = process.argv.slice(2);

const monitor = new MemoryMonitor({ limitBytes: 2048 * MiB });
monitor.start();
const { level, availableBytes, rssBytes } = monitor.sample();
console.log(`status: ${level}, ${Math.round(availableBytes / MiB)} MiB available, ${Math.round(rssBytes / MiB)} used`);

const log = await profileFiles([path]);
console.log(`of each format:\n${log}`);
console.log(`problematic: ${log.problematic(1000).length} formats take over 1000 times their file`);
console.log(`strategy: ${tidegate.chooseStrategy(MiB).name}`);

const leaks = new LeakWatch();
leaks.start();
const limited = extract(path, { strategy: 'auto' }).pipe(limitMemory({ budget: new MemoryBudget(64 * MiB) }));
const { slowdowns } = await drain(limited, () => leaks.count());
console.log(`held back ${slowdowns.length} times, leak suspected: ${leaks.stop().isSuspected}`);
console.log(`lost leases: ${tidegate.lostLeases().length}, pool: ${JSON.stringify(new tidegate.BufferPool().stats())}`);
console.log(`forced collection: ${tidegate.hintMajor()}, peak of RSS known: ${monitor.stop().peak.rssBytes > 0}`);
