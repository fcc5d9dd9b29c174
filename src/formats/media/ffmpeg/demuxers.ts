/**
 * The demuxers that ffmpeg may use: containers of one file. Not among them are those that open other files by what
 * the first one says (hls, concat, dash, image2, sdp, rtsp, imf, tee).
 */
// biome-ignore format: a list
export const DEMUXERS: string = [
  'aac', 'ac3', 'aiff', 'amr', 'ape', 'asf', 'au', 'avi', 'caf', 'dsf', 'dts', 'dtshd', 'eac3', 'flac', 'flv', 'gxf', 'h264', 'hevc',
  'iff', 'ivf', 'm4v', 'matroska', 'mov', 'mp3', 'mpc', 'mpc8', 'mpeg', 'mpegts', 'mpegvideo', 'mxf', 'nut', 'ogg', 'rm', 'tak',
  'truehd', 'tta', 'voc', 'w64', 'wav', 'webm', 'wv',
].join(',');
