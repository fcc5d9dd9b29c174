export type { QueueDepth, WatchedQueue } from './depth-meter.ts';
export type { GcCount, GcCounts, GcMark } from './gc-watch.ts';
export type { GpuSample } from './gpu-memory.ts';
export type { LeakVerdict } from './leak-detector.ts';
export { type LeakReport, LeakWatch, type LeakWatchOptions } from './leak-watch.ts';
export { MemoryLimit, type MemoryLimitOptions } from './memory-limit.ts';
export { MemoryMonitor, type MemoryMonitorOptions, type MemorySummary } from './memory-monitor.ts';
export type { MemorySample } from './memory-sample.ts';
export { type Profile, Profiler, type ProfilerOptions } from './profile.ts';
export { ProfileLog, type ProfileSummary } from './profile-log.ts';
export { type FileProfile, type ProfilePageContents, profilePage } from './profile-page.ts';
export {
  type StageCounts,
  Timeline,
  type TimelineOptions,
  type TimelineReport,
  type TimelineSample,
} from './timeline.ts';
