const MP4 = 'mp4parse/mp4parse/tests/';
const CAPI = 'mp4parse/mp4parse_capi/tests/';
const SAMPLES = 'music-metadata/test/samples/';

const CUT = 'The file is cut: it declares media that it does not have, and the reference does not say so.';
const ESTIMATED =
  'The reference guesses the duration from the bit rate of the first frames and the size of the file ("Estimating duration from bitrate, this may be inaccurate"); ours is counted frame by frame, as decoding it shows.';
const DSD =
  'DSD has one bit a sample: the rate of the format is told (2.8 or 5.6 MHz), not that of its bytes as the reference does.';
const APE_ITEMS =
  'The reference shows binary items of the APEv2 tag as streams of type attachment. They are cover pictures: here they are `picture` objects.';

/** Files whose records differ from the reference's facts, and why that is right. */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  [`${MP4}invalid_userdata.mp4`]: CUT,
  [`${MP4}test_case_1185230.mp4`]: CUT,
  [`${CAPI}bipbop_nonfragment_header.mp4`]: CUT,
  [`${CAPI}zero_empty_stsc.mp4`]: CUT,
  [`${CAPI}no_timescale.mp4`]:
    'The hdlr box in the tags declares 32,545 bytes where its parent has 75: the tags cannot be read, which the reference passes over.',
  [`${SAMPLES}MusicBrainz-Picard-tags.flac`]: CUT,
  [`${SAMPLES}flac-bug.flac`]: CUT,
  [`${SAMPLES}flac.flac`]: CUT,
  [`${SAMPLES}asf/asf.wma`]: `${CUT} Its header says 243 s; the reference guesses from the bit rate.`,
  [`${SAMPLES}mp4/Mr. Pickles S02E07 My Dear Boy.mp4`]: CUT,
  [`${SAMPLES}mp4/issue-744.mp4`]: CUT,
  [`${SAMPLES}mp4/issue-749.m4a`]: CUT,
  [`${SAMPLES}ogg/issue_70.ogg`]: CUT,
  [`${SAMPLES}ogg/ogg-multipagemetadata-bug.ogg`]: CUT,
  [`${SAMPLES}wav/odd-list-type.wav`]: CUT,
  [`${SAMPLES}02-Yeahs-It's Blitz! 2.mp3`]: ESTIMATED,
  [`${SAMPLES}issue-100.mp3`]: ESTIMATED,
  [`${SAMPLES}aac/adts-mpeg4.aac`]: ESTIMATED,
  [`${SAMPLES}mp3/layer3/he_32khz.mp3`]: ESTIMATED,
  [`${SAMPLES}mp3/layer3/he_44khz.mp3`]: ESTIMATED,
  [`${SAMPLES}mp3/layer3/he_48khz.mp3`]: ESTIMATED,
  [`${SAMPLES}mp3/pr-544-id3v24.mp3`]: ESTIMATED,
  [`${SAMPLES}outofbounds.mp3`]: ESTIMATED,
  [`${SAMPLES}mpc/apev2-no-header.sv7.mpc`]:
    'The last frame of Musepack SV7 has fewer samples than the others, as its header says: the reference counts it as a full one.',
  [`${SAMPLES}mpc/apev2.sv7.mpc`]: 'As in apev2-no-header.sv7.mpc.',
  [`${SAMPLES}dsdiff/DSD64.dff`]: `${DSD} And it guesses the duration from the size of the file, tags and all.`,
  [`${SAMPLES}dsf/2L-110_stereo-5644k-1b_04_0.1-sec.dsf`]: `${DSD} And it guesses the duration from the size of the file, tags and all.`,
  [`${SAMPLES}wavpack/DSD128 high compression.wv`]: DSD,
  [`${SAMPLES}wavpack/DSD128.wv`]: DSD,
  [`${SAMPLES}MusicBrainz - Beth Hart - Sinner's Prayer.ape`]: APE_ITEMS,
  [`${SAMPLES}wavpack/MusicBrainz - Beth Hart - Sinner's Prayer.wv`]: APE_ITEMS,
};
