export { MemoryLimit, type MemoryLimitOptions } from './memory-limit.ts';
export { MemoryMonitor, type MemoryMonitorOptions, type MemorySummary } from './memory-monitor.ts';
export type { MemorySample } from './memory-sample.ts';
