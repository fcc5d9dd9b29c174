import { readAacConfig } from '../mp4/audio-config.ts';
import { codecName } from '../mp4/codec-names.ts';
import { waveCodec } from '../pcm/wave-codecs.ts';
import { riffVideoCodec } from '../riff-codecs.ts';

// RFC 9559 and the Matroska codec registry, as FFmpeg's names.
const CODECS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    V_VP8: 'vp8',
    V_VP9: 'vp9',
    V_AV1: 'av1',
    'V_MPEG4/ISO/AVC': 'h264',
    'V_MPEGH/ISO/HEVC': 'hevc',
    'V_MPEGI/ISO/VVC': 'vvc',
    V_MPEG1: 'mpeg1video',
    V_MPEG2: 'mpeg2video',
    'V_MPEG4/ISO/SP': 'mpeg4',
    'V_MPEG4/ISO/ASP': 'mpeg4',
    'V_MPEG4/ISO/AP': 'mpeg4',
    'V_MPEG4/MS/V3': 'msmpeg4v3',
    V_THEORA: 'theora',
    V_PRORES: 'prores',
    V_MJPEG: 'mjpeg',
    V_UNCOMPRESSED: 'rawvideo',
    V_FFV1: 'ffv1',
    V_DIRAC: 'dirac',
    V_SNOW: 'snow',
    A_OPUS: 'opus',
    A_VORBIS: 'vorbis',
    A_FLAC: 'flac',
    A_ALAC: 'alac',
    A_AC3: 'ac3',
    A_EAC3: 'eac3',
    A_DTS: 'dts',
    A_TRUEHD: 'truehd',
    A_MLP: 'mlp',
    'A_MPEG/L1': 'mp1',
    'A_MPEG/L2': 'mp2',
    'A_MPEG/L3': 'mp3',
    A_TTA1: 'tta',
    A_WAVPACK4: 'wavpack',
    'S_TEXT/UTF8': 'subrip',
    'S_TEXT/ASCII': 'subrip',
    'S_TEXT/SSA': 'ass',
    'S_TEXT/ASS': 'ass',
    'S_TEXT/WEBVTT': 'webvtt',
    'D_WEBVTT/SUBTITLES': 'webvtt',
    S_SSA: 'ass',
    S_ASS: 'ass',
    S_VOBSUB: 'dvd_subtitle',
    'S_HDMV/PGS': 'hdmv_pgs_subtitle',
    S_DVBSUB: 'dvb_subtitle',
  }),
);

/** What a Codec ID and its private bytes tell. */
export interface MatroskaCodec {
  readonly codec?: string | undefined;
  readonly sampleRate?: number | undefined;
  readonly channels?: number | undefined;
}

/** FFmpeg's name of a Matroska codec, and the rate and channels where its private bytes know them better. */
export function matroskaCodec(id: string, config: Buffer, bitDepth: number): MatroskaCodec {
  if (id.startsWith('A_AAC')) return { codec: 'aac', ...(config.length >= 2 ? readAacConfig(config) : {}) };
  if (id === 'A_OPUS') return { codec: 'opus', sampleRate: 48000, channels: config[9] };
  if (id.startsWith('A_DTS')) return { codec: 'dts' };
  if (id === 'A_PCM/INT/LIT') return { codec: bitDepth === 8 ? 'pcm_u8' : `pcm_s${bitDepth}le` };
  if (id === 'A_PCM/INT/BIG') return { codec: bitDepth === 8 ? 'pcm_u8' : `pcm_s${bitDepth}be` };
  if (id === 'A_PCM/FLOAT/IEEE') return { codec: bitDepth === 64 ? 'pcm_f64le' : 'pcm_f32le' };
  if (id === 'A_MS/ACM' && config.length >= 16)
    return { codec: waveCodec(config.readUInt16LE(0), config.readUInt16LE(14)) };
  if (id === 'V_MS/VFW/FOURCC' && config.length >= 20)
    return { codec: riffVideoCodec(config.toString('latin1', 16, 20)) };
  if (id === 'V_QUICKTIME' && config.length >= 8) return { codec: codecName(config.toString('latin1', 4, 8), 'video') };
  return { codec: CODECS.get(id) };
}
