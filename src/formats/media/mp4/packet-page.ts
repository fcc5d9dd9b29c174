import type { Track } from './movie.ts';

/** Packets that a page has room for: so many that turning it costs each of them nothing. */
const PAGE_PACKETS = 1024;

/**
 * Packets of a track that follow each other, a column for each fact. Offsets and times are plain arrays: V8 keeps a
 * small integer in them as it is, where each number out of a Float64Array takes a box of its own in the record.
 */
export class PacketPage {
  /** Packets that it has room for. */
  readonly roomCount: number;
  readonly offsets: number[];
  /** Read only: the sizes may be those of a table, as they are in its window. */
  lengths: ArrayLike<number>;
  /** Decode times in units of the track. */
  readonly dts: number[];
  /** Units until the next packet. */
  readonly durations: Uint32Array;
  /** Presentation times less decode times. */
  readonly compositions: Int32Array;
  /** 1 or 0. */
  readonly keyframes: Uint8Array;
  /** 1 or 0, of an edited track: decoded and not shown. */
  readonly discards: Uint8Array;
  /** Number of the first packet of the columns among those of the track. */
  firstIndex = 0;
  /** The next packet is here in the columns ... */
  at = 0;
  /** ... and behind the last one. */
  end = 0;
  /** Added to all times: the edit that shows the packets. */
  shift = 0;

  constructor(roomCount: number = PAGE_PACKETS) {
    this.roomCount = roomCount;
    this.offsets = new Array<number>(roomCount).fill(0);
    this.lengths = [];
    this.dts = new Array<number>(roomCount).fill(0);
    this.durations = new Uint32Array(roomCount);
    this.compositions = new Int32Array(roomCount);
    this.keyframes = new Uint8Array(roomCount);
    this.discards = new Uint8Array(roomCount);
  }
}

/** Reads the packets of one track, page by page. */
export interface PacketCursor {
  readonly track: Track;
  /** The page that was turned to last; valid until the next turn. */
  readonly page: PacketPage;
  /** Puts the next packets into the page; `false` where there are none. Those before an error come without it. */
  turn(): boolean | Promise<boolean>;
}
