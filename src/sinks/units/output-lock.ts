import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { TidegateError } from '../../errors.ts';

/** Who has an output: a process by its number, and by when it began, since numbers are used again. */
interface Owner {
  readonly pid: number;
  /** In ticks of the system's clock, where the system tells. */
  readonly began: string;
  readonly host: string;
  /** Two runs of one process are two. */
  readonly id: string;
}

/** What a power failure has left of a lock. */
const TORN: Owner = { pid: 0, began: '', host: '', id: 'torn' };
/**
 * One run at a time has an output that grows: a file beside it, `<path>.lock`, says which. What a process that is gone
 * has left is taken over; of a process of another host it cannot be known whether it is gone.
 */
export class OutputLock {
  readonly #path: string;
  #isHeld = true;

  private constructor(path: string) {
    this.#path = path;
  }

  /** `ERR_LOCKED` if another run has it. */
  static async take(output: string): Promise<OutputLock> {
    const path = `${output}.lock`;
    const id = randomUUID().slice(0, 13);
    const mine = `${path}-${process.pid}-${id}`;
    const owner: Owner = { pid: process.pid, began: await beganAt(process.pid), host: hostname(), id };
    // It gets its name when it is whole: nobody reads half of it.
    await writeFile(mine, JSON.stringify(owner));
    try {
      const other = await acquire(mine, path);
      if (other !== undefined) throw locked(output, other.pid);
      await sweep(path);
      return new OutputLock(path);
    } finally {
      await rm(mine, { force: true });
    }
  }

  async release(): Promise<void> {
    // Once: by then it may be another run's.
    if (this.#isHeld) await rm(this.#path, { force: true });
    this.#isHeld = false;
  }
}

/** An output that another run, or another program, has open. */
export function locked(output: string, pid: number | undefined): TidegateError {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  const message = `Cannot write to ${output}: ${who} is writing to it`;
  return new TidegateError('ERR_LOCKED', message, { file: output, pid });
}

/**
 * Takes the lock at `path`, or gives the owner that has it. One that is gone is replaced by who has the lock that is
 * named after it: no two think that they replace the same one, and nobody replaces one that has come meanwhile.
 */
async function acquire(mine: string, path: string): Promise<Owner | undefined> {
  while (!(await takes(mine, path))) {
    const other = await ownerOf(path);
    if (other === undefined) continue;
    if (!(await isGone(other))) return other;
    const guard = `${path}-${other.id}-next`;
    const rival = await acquire(mine, guard);
    if (rival !== undefined) return rival;
    try {
      if ((await ownerOf(path))?.id !== other.id) continue;
      // By a name of its own: `mine` may be wanted for the lock that this one guards.
      const again = `${guard}-mine`;
      await rm(again, { force: true });
      await link(mine, again);
      await rename(again, path);
      return undefined;
    } finally {
      await rm(guard, { force: true });
    }
  }
  return undefined;
}

/** Removes what was left by those who were killed while they took the lock. */
async function sweep(path: string): Promise<void> {
  const start = `${basename(path)}-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(start)) continue;
    const left = join(dirname(path), name);
    const owner = await ownerOf(left);
    // One that was killed before it had said who it is is known by the name; one that is about to say so lives.
    const pid = Number(/^\d+/.exec(name.slice(start.length))?.[0] ?? 0);
    const known = owner === TORN && pid > 0 ? { ...TORN, pid, host: hostname(), began: await beganAt(pid) } : owner;
    if (known !== undefined && known !== TORN && (await isGone(known))) await rm(left, { force: true });
  }
}

async function takes(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Who has the lock; `undefined` if it is free again. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return TORN;
  }
}

async function isGone({ pid, began, host }: Owner): Promise<boolean> {
  if (pid === TORN.pid) return true;
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Of a process of another user: it is there.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return began !== (await beganAt(pid));
}

/** The field `starttime` of proc(5), the 20th behind the name, which may hold anything; nothing for a zombie. */
async function beganAt(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? '' : (fields[18] ?? '');
  } catch {
    return '';
  }
}
