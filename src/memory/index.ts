export { BufferPool, type BufferPoolOptions, type BufferPoolStats } from './buffer-pool.ts';
export type { BufferLease, Lease } from './lease.ts';
export type { LostLease } from './lost-leases.ts';
export {
  type AcquireOptions,
  type BudgetSnapshot,
  type BudgetStage,
  type Lender,
  MemoryBudget,
  type MemoryBudgetOptions,
} from './memory-budget.ts';
