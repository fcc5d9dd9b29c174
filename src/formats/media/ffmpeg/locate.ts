import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TidegateError } from '../../../errors.ts';
import type { FfmpegOptions } from '../options.ts';
import { MediaProcess } from './media-process.ts';

/** A program that was found and asked for its version. */
export interface Program {
  readonly path: string;
  /** libavformat 59.27 and later (FFmpeg 5.1): `-fps_mode` has taken the place of `-vsync`. */
  readonly hasFpsMode: boolean;
}

const HOW_TO_GET =
  'install it (Debian: `apt install ffmpeg`; macOS: `brew install ffmpeg`; npm: `npm install @ffmpeg-installer/ffmpeg@^1.1.0`), or name it with the option ffmpeg.path or FFMPEG_PATH';
const found = new Map<string, Promise<Program | undefined>>();

/** Finds ffmpeg: the option, `FFMPEG_PATH`, `PATH`, `@ffmpeg-installer/ffmpeg`; else `ERR_MISSING_PEER`. */
export async function locateFfmpeg(options: FfmpegOptions, signal?: AbortSignal): Promise<Program> {
  const named = options.path ?? process.env.FFMPEG_PATH;
  const program = named ? await ask(named) : ((await ask('ffmpeg')) ?? (await installed()));
  signal?.throwIfAborted();
  return program ?? refuse('ffmpeg', named);
}

/** Finds ffprobe: `FFPROBE_PATH`, beside the ffmpeg that was named, `PATH`; else `ERR_MISSING_PEER`. */
export async function locateFfprobe(options: FfmpegOptions, signal?: AbortSignal): Promise<Program> {
  const ffmpeg = options.path ?? process.env.FFMPEG_PATH;
  const beside = ffmpeg ? join(dirname(ffmpeg), process.platform === 'win32' ? 'ffprobe.exe' : 'ffprobe') : undefined;
  const named = process.env.FFPROBE_PATH ?? beside;
  const program = (named ? await ask(named) : undefined) ?? (await ask('ffprobe'));
  signal?.throwIfAborted();
  return program ?? refuse('ffprobe', named);
}

/** The program at a path, `undefined` if it cannot be started. Each path is asked once. */
function ask(path: string): Promise<Program | undefined> {
  let answer = found.get(path);
  if (!answer) found.set(path, (answer = version(path)));
  return answer;
}

async function version(path: string): Promise<Program | undefined> {
  let text = '';
  try {
    const child = new MediaProcess({ path, args: ['-version'], timeoutMs: 10_000 });
    for await (const chunk of child.chunks()) text += chunk.toString('latin1').slice(0, 16_384 - text.length);
  } catch {
    found.delete(path); // it may be installed later
    return undefined;
  }
  const [, major, minor] = /libavformat\s+(\d+)\.\s*(\d+)/.exec(text) ?? [];
  if (major === undefined) return undefined;
  return { path, hasFpsMode: Number(major) > 59 || (Number(major) === 59 && Number(minor) >= 27) };
}

/** Not a dependency of ours: used where somebody has it. It is CommonJS and exports the path of its binary. */
async function installed(): Promise<Program | undefined> {
  try {
    const { path } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as { readonly path?: string };
    return path ? ask(path) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(program: string, named: string | undefined): never {
  const where = named ? ` at ${named}` : '';
  throw new TidegateError('ERR_MISSING_PEER', `Cannot find ${program}${where}: ${HOW_TO_GET}`, { program, named });
}
