// RFC 2361 and mmreg.h: wave format tags, as FFmpeg's names.
const CODECS: ReadonlyMap<number, string> = new Map([
  [0x0002, 'adpcm_ms'],
  [0x0006, 'pcm_alaw'],
  [0x0007, 'pcm_mulaw'],
  [0x000a, 'wmavoice'],
  [0x0011, 'adpcm_ima_wav'],
  [0x0016, 'adpcm_ima_wav'],
  [0x0020, 'adpcm_yamaha'],
  [0x0022, 'truespeech'],
  [0x0031, 'gsm_ms'],
  [0x0032, 'gsm_ms'],
  [0x0045, 'adpcm_g726'],
  [0x0050, 'mp2'],
  [0x0055, 'mp3'],
  [0x0057, 'amr_nb'],
  [0x0058, 'amr_wb'],
  [0x0092, 'ac3'],
  [0x00ff, 'aac'],
  [0x0160, 'wmav1'],
  [0x0161, 'wmav2'],
  [0x0162, 'wmapro'],
  [0x0163, 'wmalossless'],
  [0x1600, 'aac'],
  [0x1610, 'aac'],
  [0x2000, 'ac3'],
  [0x2001, 'dts'],
  [0x674f, 'vorbis'],
  [0x566f, 'vorbis'],
  [0xa109, 'speex'],
  [0xf1ac, 'flac'],
]);

/** FFmpeg's name of a wave format tag; PCM (1) and float (3) by their width. */
export function waveCodec(tag: number, bits: number): string | undefined {
  if (tag === 1) return bits <= 8 ? 'pcm_u8' : `pcm_s${Math.ceil(bits / 8) * 8}le`;
  if (tag === 3) return bits === 64 ? 'pcm_f64le' : 'pcm_f32le';
  return CODECS.get(tag);
}
