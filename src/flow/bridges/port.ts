import type { MessagePort, Worker } from 'node:worker_threads';

/** Either end of a message channel: a MessagePort, a Worker seen from its parent, or `parentPort`. */
export type Port = Pick<MessagePort | Worker, 'postMessage'> & {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
};

/** What goes over a port. From the reader: how many more values it takes. From the writer: values, then an end. */
export type PortMessage<T> =
  | { readonly tidegate: 'credit'; readonly count: number }
  | { readonly tidegate: 'leave' }
  | { readonly tidegate: 'values'; readonly values: readonly T[] }
  | { readonly tidegate: 'end' }
  | { readonly tidegate: 'error'; readonly error: unknown };

/** The message, if it is one of ours: a port may carry other things too. */
export function portMessage<T>(message: unknown): PortMessage<T> | undefined {
  return typeof message === 'object' && message !== null && 'tidegate' in message
    ? (message as PortMessage<T>)
    : undefined;
}
