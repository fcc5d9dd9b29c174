import type { Subscriber } from 'rxjs';
import { Gate, type Marks } from './gate.ts';
import { Producer } from './producer.ts';

/** A stage: its own gate upstream, its own producer downstream. What it holds in between is its own affair. */
export interface Stage<R> {
  readonly gate: Gate;
  readonly producer: Producer<R>;
}

/** Options of {@link openStage}. */
export interface StageOptions extends Marks {
  /** Name in stall reports. */
  readonly label: string;
  /** The `highWaterMark` where the user gives none. */
  readonly defaultMark: number;
  /** Whether the stage works on something that will come out later. */
  readonly busy?: () => boolean;
}

/** Opens a stage for one subscription; it closes with `subscriber`. */
export function openStage<R>(subscriber: Subscriber<R>, options: StageOptions): Stage<R> {
  const producer = new Producer<R>(options.label, subscriber);
  const gate = new Gate(options.label, options, options.defaultMark);
  gate.carrier = producer;
  gate.valve = producer.valve;
  producer.queues?.add(gate);
  producer.inlets = [gate];
  producer.busy = options.busy;
  subscriber.add(() => gate.dispose());
  return { gate, producer };
}
