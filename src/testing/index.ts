export { liveEmitterCount, waitGraph } from '../flow/stall.ts';
export {
  type CountedSourceOptions,
  countedSource,
  SOURCE_KINDS,
  type SourceKind,
  type Tally,
  tally,
} from './counted-source.ts';
export { settled } from './settled.ts';
export { StallingSink } from './stalling-sink.ts';
