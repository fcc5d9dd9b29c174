import { parentPort, workerData } from 'node:worker_threads';
import { type ReadRequest, WINDOW_BYTES, type WorkerMessage, type WorkerStart } from './protocol.ts';

// The worker around h5wasm: it knows one file, whose bytes the main thread gives it, and no file system of the host.

const start = workerData as WorkerStart;
const control = new Int32Array(start.control);
const view = new Uint8Array(start.window);
const PAGE_BYTES = 65_536;
const CACHED_WINDOWS = 64;
const windows = new Map<number, Uint8Array>();

/** The part of h5wasm's module that is used here. */
interface H5Module {
  readonly HEAPU8: Uint8Array;
  readonly FS: {
    createFile(parent: string, name: string, properties: object, canRead: boolean, canWrite: boolean): FileNode;
    mkdirTree(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
  };
  get_plugin_search_paths(): string[];
  readonly H5F_ACC_RDONLY: number;
  open(path: string, mode: number, trackOrder: boolean, low: number, high: number): bigint;
  get_dataset_data(
    file: bigint,
    path: string,
    count: bigint[] | null,
    offset: bigint[] | null,
    strides: bigint[] | null,
    pointer: bigint,
  ): number;
  _malloc(byteCount: number): number;
  _free(pointer: number): void;
}

interface FileNode {
  usedBytes: number;
  stream_ops: object;
}

function post(message: WorkerMessage, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}

/** Asks the main thread for bytes and waits for them. */
function fetchWindow(offset: number): Uint8Array {
  const known = windows.get(offset);
  if (known) return known;
  Atomics.store(control, 0, 0);
  post({ kind: 'need', offset, lengthBytes: Math.min(WINDOW_BYTES, start.sizeBytes - offset) });
  Atomics.wait(control, 0, 0);
  const byteCount = Atomics.load(control, 1);
  if (byteCount < 0) throw new Error('the input cannot be read');
  const bytes = view.slice(0, byteCount);
  if (windows.size >= CACHED_WINDOWS) windows.delete(windows.keys().next().value!);
  windows.set(offset, bytes);
  return bytes;
}

/** The `read` of an emscripten stream. */
function readInto(target: Uint8Array, targetAt: number, lengthBytes: number, position: number): number {
  const end = Math.min(position + lengthBytes, start.sizeBytes);
  for (let at = position; at < end; ) {
    const windowOffset = Math.floor(at / WINDOW_BYTES) * WINDOW_BYTES;
    const bytes = fetchWindow(windowOffset).subarray(at - windowOffset, end - windowOffset);
    if (bytes.length === 0) throw new Error('the input is shorter than it was');
    target.set(bytes, targetAt + at - position);
    at += bytes.length;
  }
  return Math.max(0, end - position);
}

/** What every JavaScript engine has, but no type declarations without those of a browser. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

function capMemory(): void {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: { prototype: WasmMemory } } };
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (this: WasmMemory, pages: number): number {
    if (this.buffer.byteLength + pages * PAGE_BYTES > start.memoryBytes) throw new RangeError('memory limit reached');
    return grow.call(this, pages);
  };
}

function mountInput(module: H5Module): void {
  const node = module.FS.createFile('/', 'input', {}, true, false);
  node.usedBytes = start.sizeBytes;
  node.stream_ops = {
    read: (_stream: unknown, target: Uint8Array, at: number, lengthBytes: number, position: number) =>
      readInto(target, at, lengthBytes, position),
    llseek: (stream: { position: number }, offset: number, whence: number) =>
      whence === 1 ? stream.position + offset : whence === 2 ? start.sizeBytes + offset : offset,
  };
}

/** Puts filters into the library's own file system, where it looks for those that it does not have. */
function install(module: H5Module, { plugins }: ReadRequest): void {
  const folder = module.get_plugin_search_paths()[0];
  if (plugins.length === 0 || folder === undefined) return;
  module.FS.mkdirTree(folder);
  for (const { fileName, bytes } of plugins) module.FS.writeFile(`${folder}/${fileName}`, bytes);
}

function readBlock(module: H5Module, file: bigint, request: ReadRequest): Uint8Array<ArrayBuffer> {
  const pointer = module._malloc(request.lengthBytes);
  if (pointer === 0) throw new Error(`no memory for ${request.lengthBytes} bytes`);
  try {
    const count = request.shape.map(BigInt);
    const offset = request.start.map(BigInt);
    const strides = request.shape.map(() => 1n);
    const isScalar = count.length === 0;
    // A negative code means that nothing was read: the memory then has whatever was there before.
    const [c, o, s] = isScalar ? [null, null, null] : [count, offset, strides];
    const code = module.get_dataset_data(file, request.path, c, o, s, BigInt(pointer));
    if (code < 0) throw new Error(`the HDF5 library cannot read ${request.path}`);
    return module.HEAPU8.slice(pointer, pointer + request.lengthBytes);
  } finally {
    module._free(pointer);
  }
}

/** The module, or why it cannot be loaded. */
async function load(): Promise<H5Module | string> {
  try {
    const h5wasm = await import('h5wasm');
    return (await h5wasm.ready) as unknown as H5Module;
  } catch (error) {
    return String(error);
  }
}

capMemory();
const module = await load();
if (typeof module === 'string') parentPort!.on('message', () => post({ kind: 'missing', message: module }));
else {
  mountInput(module);
  let file = -1n;
  parentPort!.on('message', (request: ReadRequest) => {
    try {
      if (file < 0n) file = module.open('/input', module.H5F_ACC_RDONLY, false, -1, -1);
      if (file < 0n) throw new Error('the HDF5 library cannot open the file');
      install(module, request);
      const bytes = readBlock(module, file, request);
      post({ kind: 'done', bytes, heapBytes: module.HEAPU8.length }, [bytes.buffer]);
    } catch (error) {
      post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  });
}
