import type { Track } from './movie.ts';

/** Packets that a page has room for: so many that turning it costs each of them nothing. */
export const PAGE_PACKETS: number = 1024;

/**
 * Packets of a track that follow each other, a column for each fact. Plain arrays: V8 keeps a small integer in them
 * as it is, where each number out of a Float64Array takes a box of its own in the record.
 */
export class PacketPage {
  readonly offsets: number[] = column();
  lengths: Uint32Array | number[] = column();
  /** Decode times in units of the track. */
  readonly dts: number[] = column();
  /** Units until the next packet. */
  readonly durations: number[] = column();
  /** Presentation times less decode times. */
  readonly compositions: number[] = column();
  /** 1 or 0. */
  readonly keyframes: number[] = column();
  /** 1 or 0, of an edited track: decoded and not shown. */
  readonly discards: number[] = column();
  /** Number of the first packet of the columns among those of the track. */
  firstIndex = 0;
  /** The next packet is here in the columns ... */
  at = 0;
  /** ... and behind the last one. */
  end = 0;
  /** Added to all times: the edit that shows the packets. */
  shift = 0;
}

function column(): number[] {
  return new Array<number>(PAGE_PACKETS).fill(0);
}

/** Reads the packets of one track, page by page. */
export interface PacketCursor {
  readonly track: Track;
  /** The page that was turned to last; valid until the next turn. */
  readonly page: PacketPage;
  /** Puts the next packets into the page; `false` where there are none. Those before an error come without it. */
  turn(): boolean | Promise<boolean>;
}
