// RFC 9559 5.1: IDs of Matroska, with their marker bits.
export const EBML = 0x1a45dfa3;
export const DOC_TYPE = 0x4282;
export const SEGMENT = 0x18538067;
export const SEEK_HEAD = 0x114d9b74;
export const SEEK = 0x4dbb;
export const SEEK_POSITION = 0x53ac;
export const INFO = 0x1549a966;
export const TIMESTAMP_SCALE = 0x2ad7b1;
export const DURATION = 0x4489;
export const MUXING_APP = 0x4d80;
export const WRITING_APP = 0x5741;
export const TRACKS = 0x1654ae6b;
export const TRACK_ENTRY = 0xae;
export const TRACK_NUMBER = 0xd7;
export const TRACK_TYPE = 0x83;
export const CODEC_ID = 0x86;
export const CODEC_PRIVATE = 0x63a2;
export const LANGUAGE = 0x22b59c;
export const LANGUAGE_BCP47 = 0x22b59d;
export const TRACK_NAME = 0x536e;
export const DEFAULT_DURATION = 0x23e383;
export const CODEC_DELAY = 0x56aa;
export const VIDEO = 0xe0;
export const PIXEL_WIDTH = 0xb0;
export const PIXEL_HEIGHT = 0xba;
export const AUDIO = 0xe1;
export const SAMPLING_FREQUENCY = 0xb5;
export const CHANNELS = 0x9f;
export const BIT_DEPTH = 0x6264;
export const CLUSTER = 0x1f43b675;
export const TIMESTAMP = 0xe7;
export const SIMPLE_BLOCK = 0xa3;
export const BLOCK_GROUP = 0xa0;
export const BLOCK = 0xa1;
export const BLOCK_DURATION = 0x9b;
export const REFERENCE_BLOCK = 0xfb;
export const CUES = 0x1c53bb6b;
export const CHAPTERS = 0x1043a770;
export const EDITION_ENTRY = 0x45b9;
export const CHAPTER_ATOM = 0xb6;
export const CHAPTER_TIME_START = 0x91;
export const CHAPTER_TIME_END = 0x92;
export const CHAPTER_DISPLAY = 0x80;
export const CHAP_STRING = 0x85;
export const TAGS = 0x1254c367;
export const ATTACHMENTS = 0x1941a469;
export const ATTACHED_FILE = 0x61a7;
export const FILE_NAME = 0x466e;
export const FILE_MEDIA_TYPE = 0x4660;
export const FILE_DESCRIPTION = 0x467e;
export const FILE_DATA = 0x465c;

/** Children of a Segment: one of them ends a cluster of unknown size. */
export const SEGMENT_CHILDREN: ReadonlySet<number> = new Set([
  SEEK_HEAD,
  INFO,
  TRACKS,
  CLUSTER,
  CUES,
  CHAPTERS,
  TAGS,
  ATTACHMENTS,
]);
