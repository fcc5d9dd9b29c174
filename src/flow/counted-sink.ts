import type { MemoryBudget } from '../memory/memory-budget.ts';
import type { Sink } from './sink.ts';

/** The sink, with what it holds reported to a budget: after each call into it, and nothing when it has ended. */
export function countedSink<T>(sink: Sink<T>, budget: MemoryBudget, name: string): Sink<T> {
  const gauge = budget.gauge(name);
  const count = () => gauge.set(Math.max(0, Math.trunc(sink.bufferedBytes ?? 0)));
  const ended = async (call: void | Promise<void>) => {
    try {
      await call;
    } finally {
      gauge.close();
    }
  };
  return {
    start: (context) => sink.start?.(context),
    write: async (batch) => {
      try {
        await sink.write(batch);
      } finally {
        count();
      }
    },
    close: () => ended(sink.close?.()),
    abort: (reason) => ended(sink.abort?.(reason)),
    get bufferedBytes() {
      return sink.bufferedBytes ?? 0;
    },
  };
}
