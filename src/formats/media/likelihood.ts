import { innerElements, parseElement, unsigned } from './matroska/ebml.ts';
import { SEGMENT, TRACK_ENTRY, TRACK_TYPE, TRACKS } from './matroska/ids.ts';
import { type ContainerName, signatureOf } from './signature.ts';

const VIDEO_CONTAINERS: ReadonlySet<ContainerName> = new Set(['avi', 'flv', 'mpegts', 'mpegps', 'ivf']);
const SHARED_CONTAINERS: ReadonlySet<ContainerName> = new Set(['mp4', 'matroska', 'asf', 'ogg', 'mxf', 'nut', 'rm']);
const AUDIO_BRANDS = new Set(['M4A ', 'M4B ', 'M4P ', 'F4A ', 'F4B ']);
/** How the first packet of a stream of pictures begins: Theora, VP8, Dirac. */
const OGG_PICTURES = ['\x80theora', 'OVP80', 'BBCD\0'];
/** A container that may hold either: both formats say this, and the name decides. */
const EITHER = 0.9;

type Kind = 'audio' | 'video' | 'either';

/** How likely a file with these first bytes holds sound and no pictures. */
export function audioLikelihood(head: Buffer): number {
  return likelihood(head, 'audio');
}

/** How likely a file with these first bytes holds pictures. */
export function videoLikelihood(head: Buffer): number {
  return likelihood(head, 'video');
}

function likelihood(head: Buffer, wanted: 'audio' | 'video'): number {
  const signature = signatureOf(head);
  if (!signature) return 0;
  const kind = kindOf(signature.container, head);
  if (kind === 'either') return signature.likelihood * EITHER;
  if (kind === wanted) return signature.likelihood;
  return SHARED_CONTAINERS.has(signature.container) ? signature.likelihood * 0.5 : 0;
}

/**
 * MP4, Matroska, ASF, Ogg and some others hold either. Where the first bytes tell (an audio-only brand, a track of pictures, a
 * codec), they decide; else both formats claim the file and its name decides.
 */
function kindOf(container: ContainerName, head: Buffer): Kind {
  if (VIDEO_CONTAINERS.has(container)) return 'video';
  if (!SHARED_CONTAINERS.has(container)) return 'audio';
  if (container === 'mp4') return mp4Kind(head);
  if (container === 'matroska') return matroskaKind(head);
  if (container === 'ogg') return OGG_PICTURES.some((start) => head.includes(start, 0, 'latin1')) ? 'video' : 'audio';
  return 'either';
}

function mp4Kind(head: Buffer): Kind {
  if (AUDIO_BRANDS.has(head.toString('latin1', 8, 12))) return 'audio';
  for (let at = head.indexOf('hdlr'); at >= 0; at = head.indexOf('hdlr', at + 4)) {
    if (head.toString('latin1', at + 12, at + 16) === 'vide') return 'video';
  }
  return 'either';
}

/** Looks for Tracks at the segment's top level, as far as the first bytes go. */
function matroskaKind(head: Buffer): Kind {
  let at = 0;
  while (at < head.length) {
    const element = parseElement(head, at, head.length);
    if (typeof element === 'string') return 'either';
    if (element.id === TRACKS) {
      const tracks = head.subarray(element.dataOffset, element.dataOffset + element.lengthBytes);
      return tracks.length < element.lengthBytes ? 'either' : tracksKind(tracks);
    }
    at = element.id === SEGMENT ? element.dataOffset : element.dataOffset + element.lengthBytes;
  }
  return 'either';
}

function tracksKind(tracks: Buffer): Kind {
  for (const { id, data } of innerElements(tracks)) {
    if (id !== TRACK_ENTRY) continue;
    for (const child of innerElements(data)) if (child.id === TRACK_TYPE && unsigned(child.data) === 1) return 'video';
  }
  return 'audio';
}
