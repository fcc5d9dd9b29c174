import { TidegateError } from '../../../errors.ts';
import { eachBatch } from '../each-batch.ts';
import { Hdf5File } from '../file.ts';
import type { Link } from '../link.ts';
import { openLinks } from '../links.ts';
import { unsupported } from '../malformed.ts';
import { readObject } from '../object.ts';
import type { Hdf5Options } from '../options.ts';
import { TreeGuard } from '../tree-guard.ts';
import type { ExternalRoot } from './root.ts';

/** The object of another file that a link leads to. */
export interface Linked {
  readonly file: Hdf5File;
  readonly address: number;
  /** `true` if a link has led here before. */
  readonly isKnown: boolean;
  close(): Promise<void>;
}

/** Files through files: so many links one behind the other. */
const MAX_DEPTH = 16;
/** Links followed in one read: what they lead to may overlap. */
const MAX_FOLLOWED = 1000;

/** Opens what external links lead to, and remembers it. */
export class LinkedFiles {
  readonly #root: ExternalRoot;
  readonly #options: Hdf5Options;
  readonly #seen = new Set<string>();

  constructor(root: ExternalRoot, options: Hdf5Options) {
    this.#root = root;
    this.#options = options;
  }

  /** `depth` files lie between this link and the input. Caller closes. */
  async open({ targetFile = '', target = '' }: Link, from: Hdf5File, depth: number): Promise<Linked> {
    if (depth >= MAX_DEPTH || this.#seen.size >= MAX_FOLLOWED) {
      const bound = depth >= MAX_DEPTH ? `more than ${MAX_DEPTH} files` : `more than ${MAX_FOLLOWED} objects`;
      const message = `Cannot follow ${targetFile}: external links lead through ${bound}`;
      throw new TidegateError('ERR_LIMIT', message, { file: targetFile });
    }
    const input = this.#root.open(targetFile, from.input);
    let file: Hdf5File | undefined;
    const close = async () => {
      file?.close();
      await input.close();
    };
    try {
      const { signal, cacheBytes } = this.#options;
      file = await Hdf5File.open(input, { capacityBytes: cacheBytes, signal });
      const address = await addressOf(file, target);
      const key = `${address}:${input.localPath}`;
      const isKnown = this.#seen.has(key);
      this.#seen.add(key);
      return { file, address, isKnown, close };
    } catch (error) {
      await close();
      throw error;
    }
  }
}

/** The address of the object at `path`, through hard links. */
async function addressOf(file: Hdf5File, path: string): Promise<number> {
  let address = file.superblock.rootAddress;
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    const link = await findLink(file, address, name);
    if (!link) throw new TidegateError('ERR_MALFORMED', `Cannot follow a link: ${file.input.name} has no ${path}`);
    if (link.address === undefined) throw unsupported('external link', `${name} of ${path} is a ${link.kind} link`);
    address = link.address;
  }
  return address;
}

async function findLink(file: Hdf5File, address: number, name: string): Promise<Link | undefined> {
  const { kind, header } = await file.run(() => readObject(file, address));
  if (kind !== 'group') return undefined;
  const guard = new TreeGuard(file.sizeBytes);
  for await (const batch of eachBatch(file, () => openLinks(file, header, guard))) {
    for (const link of batch) if (link.name === name) return link;
  }
  return undefined;
}
