export { type AdmissionOptions, AdmissionQueue } from './admission.ts';
export type { AdmissionReport } from './admission-diary.ts';
export type { Admission, AdmissionRequest, AdmissionUse, AdmissionWay } from './admission-request.ts';
export { Advisor, type AdvisorOptions, type AdvisorState, type PeakGuess, type Prediction } from './advisor.ts';
export { readAdvisor, writeAdvisor } from './advisor-file.ts';
export type { FitState } from './affine-fit.ts';
export { BufferPool, type BufferPoolOptions, type BufferPoolStats } from './buffer-pool.ts';
export { type GcHintCounts, gcHintCounts, hintMajor, hintMinor, withoutHints } from './gc-hints.ts';
export type { BufferLease, Lease } from './lease.ts';
export type { AcquireOptions, BudgetGauge, BudgetStage, Lender } from './lender.ts';
export { type LostLease, type LostLeaseCount, lostLeases } from './lost-leases.ts';
export { type BudgetSnapshot, MemoryBudget, type MemoryBudgetOptions } from './memory-budget.ts';
export type { MemoryReport, Slowdown } from './memory-report.ts';
export type { PeakMark } from './peak-marks.ts';
export { type PressureLevel, presentPressure } from './pressure.ts';
export {
  chooseStrategy,
  freeBytes,
  STRATEGIES,
  type Strategy,
  type StrategyChoice,
  type StrategyName,
  strategyOf,
} from './strategy.ts';
