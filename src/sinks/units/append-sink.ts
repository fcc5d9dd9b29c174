import { dirname } from 'node:path';
import type { Sink } from '../../flow/sink.ts';
import type { ExtractionRecord } from '../../records.ts';
import type { ResumeSettings } from '../resume-options.ts';
import type { Compressor } from '../targets/compression.ts';
import { AppendTarget } from './append-target.ts';
import { AsideFiles } from './aside-files.ts';
import { type HeldFile, HeldFiles, type Landing } from './held-files.ts';
import { MemberTarget, type UnitTarget } from './member-target.ts';

/** What a text file that grows is made of. */
interface AppendFormat {
  /** What the file holds: a file of another content is not gone on with. */
  readonly content: string;
  readonly compressor: Compressor | undefined;
  /** Stands before all. */
  readonly head: string;
  encode(records: readonly ExtractionRecord[]): Iterable<string>;
}

/**
 * A sink over a file that grows run by run. The text of a file is held until its `end`, then added as a whole, so that
 * the file can be cut back to any commit.
 */
export function appendSink(path: string, format: AppendFormat, settings: ResumeSettings): Sink<ExtractionRecord> {
  const { content, compressor, head, encode } = format;
  const file = new AppendTarget(path, content);
  const target = compressor ? new MemberTarget(file, compressor) : file;
  const aside = new AsideFiles(dirname(path));
  const held = new HeldFiles(landing(target, aside, encode), settings.heldBytes);
  return {
    commitMs: settings.commitMs,
    start: async ({ signal }) => {
      await target.start(signal);
      if (target.isNew && head !== '') await target.write(head);
    },
    begin: async (unit) => {
      if (target.has(unit)) return 'committed';
      await held.begin(unit.file);
      return 'write';
    },
    write: (batch) => held.take(batch),
    commit: (units) => target.commit(units),
    close: async () => {
      await held.finish();
      await target.commit([]);
      await aside.close();
      await target.close();
    },
    abort: async (reason) => {
      await aside.close();
      await target.abort(reason);
    },
    get bufferedBytes() {
      return held.heldBytes + target.bufferedBytes;
    },
  };
}

function landing(
  target: UnitTarget,
  aside: AsideFiles,
  encode: (records: readonly ExtractionRecord[]) => Iterable<string>,
): Landing<string> {
  return {
    encode,
    sizeOf: (text) => text.length,
    setAside: ({ id, pieces }: HeldFile<string>) => aside.add(id, pieces),
    land: async ({ id, isSetAside, pieces }) => {
      if (isSetAside) for await (const bytes of aside.read(id)) await target.write(bytes);
      await aside.drop(id);
      await target.write(pieces.join(''));
    },
    drop: ({ id }) => aside.drop(id),
  };
}
