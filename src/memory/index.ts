export { BufferPool, type BufferPoolOptions, type BufferPoolStats } from './buffer-pool.ts';
export type { BufferLease, Lease } from './lease.ts';
export type { AcquireOptions, BudgetGauge, BudgetStage, Lender } from './lender.ts';
export type { LostLease } from './lost-leases.ts';
export { type BudgetSnapshot, MemoryBudget, type MemoryBudgetOptions } from './memory-budget.ts';
