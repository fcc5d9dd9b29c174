import { Console } from 'node:console';
import { parentPort, workerData } from 'node:worker_threads';
import type { Found } from '../find/found.ts';
import type { Place } from './closing-records.ts';
import { extractFile } from './extract-file.ts';
import { extractLines } from './extract-lines.ts';
import type { FromWorker, JobSetup, ToWorker } from './job-protocol.ts';
import { LineAccount } from './line-account.ts';
import { PieceWriter } from './piece-writer.ts';

// The entry of a worker thread: extracts one file after the other, with synchronous reads.
// Standard output is for records alone: what a library prints goes to standard error.
globalThis.console = new Console(process.stderr, process.stderr);
const { options, stop } = workerData as JobSetup;
const stopFlag = new Uint8Array(stop);
const account = new LineAccount();
let place: Place = { file: '', format: 'binary', seq: 0 };
const writer = new PieceWriter((memory, lengthBytes) =>
  post({ kind: 'lines', memory, lengthBytes, ...account.take(), place }, [memory]),
);

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}

async function extract(found: Found): Promise<void> {
  place = { file: found.path, format: options.format ?? 'binary', seq: 0 };
  const isStopping = () => Atomics.load(stopFlag, 0) === 1;
  const batches = extractFile(found, { ...options, isSync: true, isStopping });
  await extractLines(batches, writer, account, (next) => {
    place = next;
  });
  post({ kind: 'done' });
}

parentPort!.on('message', (message: ToWorker) => {
  if (message.kind === 'memory') {
    writer.give(message.memory);
  } else {
    // A Buffer arrives as a Uint8Array.
    const name = typeof message.name === 'string' ? message.name : Buffer.from(message.name);
    void extract({ kind: 'file', path: message.path, name });
  }
});
