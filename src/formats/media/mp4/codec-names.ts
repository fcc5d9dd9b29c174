import type { StreamType } from '../draft.ts';

// The MP4 registration authority's and QuickTime's sample entry types, as FFmpeg's names.
const CODECS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    avc1: 'h264',
    avc2: 'h264',
    avc3: 'h264',
    avc4: 'h264',
    hvc1: 'hevc',
    hev1: 'hevc',
    dvh1: 'hevc',
    dvhe: 'hevc',
    vvc1: 'vvc',
    vvi1: 'vvc',
    av01: 'av1',
    vp08: 'vp8',
    vp09: 'vp9',
    mp4v: 'mpeg4',
    DIVX: 'mpeg4',
    XVID: 'mpeg4',
    s263: 'h263',
    h263: 'h263',
    H263: 'h263',
    jpeg: 'mjpeg',
    mjpa: 'mjpeg',
    mjpb: 'mjpegb',
    'png ': 'png',
    'rle ': 'qtrle',
    cvid: 'cinepak',
    SVQ1: 'svq1',
    SVQ3: 'svq3',
    apch: 'prores',
    apcn: 'prores',
    apcs: 'prores',
    apco: 'prores',
    ap4h: 'prores',
    ap4x: 'prores',
    FFV1: 'ffv1',
    'raw ': 'rawvideo',
    '2vuy': 'rawvideo',
    yuv2: 'rawvideo',
    v210: 'v210',
    mjp2: 'jpeg2000',
    'dvc ': 'dvvideo',
    dvcp: 'dvvideo',
    m2v1: 'mpeg2video',
    mp2v: 'mpeg2video',
    'vc-1': 'vc1',
    CFHD: 'cfhd',
    AVdn: 'dnxhd',
    mp4a: 'aac',
    alac: 'alac',
    'ac-3': 'ac3',
    'ec-3': 'eac3',
    'ac-4': 'ac4',
    Opus: 'opus',
    fLaC: 'flac',
    samr: 'amr_nb',
    sawb: 'amr_wb',
    '.mp3': 'mp3',
    'ms\0U': 'mp3',
    dtsc: 'dts',
    dtse: 'dts',
    dtsh: 'dts',
    dtsl: 'dts',
    mlpa: 'truehd',
    ulaw: 'pcm_mulaw',
    alaw: 'pcm_alaw',
    ima4: 'adpcm_ima_qt',
    MAC3: 'mace3',
    MAC6: 'mace6',
    QDM2: 'qdm2',
    QDMC: 'qdmc',
    agsm: 'gsm',
    in24: 'pcm_s24be',
    in32: 'pcm_s32be',
    fl32: 'pcm_f32be',
    fl64: 'pcm_f64be',
    tx3g: 'mov_text',
    c608: 'eia_608',
    wvtt: 'webvtt',
    stpp: 'ttml',
  }),
);

/** FFmpeg's name for a sample entry; PCM also needs its width. `undefined` if FFmpeg has no decoder either. */
export function codecName(fourcc: string, type: StreamType, bits = 16, pcmFlags = 0): string | undefined {
  if (type === 'audio') {
    if (fourcc === 'sowt') return bits === 8 ? 'pcm_s8' : `pcm_s${bits}le`;
    if (fourcc === 'twos') return bits === 8 ? 'pcm_s8' : `pcm_s${bits}be`;
    if (fourcc === 'raw ' || fourcc === 'NONE') return bits === 8 ? 'pcm_u8' : `pcm_s${bits}be`;
    if (fourcc === 'lpcm') return linearPcm(bits, pcmFlags);
  }
  if (type === 'data') return fourcc === 'text' || fourcc === 'mebx' ? 'bin_data' : undefined;
  if (type === 'subtitle' && fourcc === 'text') return 'mov_text';
  return CODECS.get(fourcc);
}

/** CoreAudio's formatSpecificFlags: 1 float, 2 big endian, 4 signed. */
function linearPcm(bits: number, flags: number): string {
  const order = flags & 2 ? 'be' : 'le';
  if (flags & 1) return `pcm_f${bits}${order}`;
  const sign = flags & 4 ? 's' : 'u';
  return bits === 8 ? `pcm_${sign}8` : `pcm_${sign}${bits}${order}`;
}
