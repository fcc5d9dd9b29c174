import { writeFile } from 'node:fs/promises';
import { type Found, foundIssue } from '../batch/find/found.ts';
import { walk } from '../batch/find/walk.ts';
import { profileFiles } from '../batch/profile-files.ts';
import { TidegateError } from '../errors.ts';
import type { Profile } from '../profile/profile.ts';
import { type FileProfile, profilePage } from '../profile/profile-page.ts';
import { Timeline } from '../profile/timeline.ts';
import type { ProfileArguments } from './arguments.ts';
import { EXIT } from './exit-code.ts';
import { formatOption } from './extract-settings.ts';
import { printable } from './printable.ts';

/** Files that the page lists: those that took longest. */
const LISTED_COUNT = 200;

/** `tidegate profile`: reads all files one by one, and says what each format costs. Returns the exit code. */
export async function runProfile(args: ProfileArguments): Promise<number> {
  const files: FileProfile[] = [];
  let failedCount = 0;
  const complain = (text: string) => {
    failedCount++;
    if (!args.quiet) process.stderr.write(`tidegate: ${printable(text)}\n`);
  };
  const onFile = (path: string, profile: Profile) => {
    if (profile.end === 'error') complain(`${path}: not read to its end`);
    files.push({ path, profile });
    if (files.length > 2 * LISTED_COUNT) keepSlowest(files);
  };
  const timeline = args.html === undefined ? undefined : new Timeline();
  timeline?.start();
  const format = formatOption(args.format);
  const log = await profileFiles(paths(args, complain), { format, timeline, onFile });
  process.stdout.write(`${printable(String(log), '\n')}\n`);
  for (const { name, memoryRatio } of log.problematic()) {
    process.stdout.write(`${printable(name)} took up to ${memoryRatio!.toFixed(1)} times the size of its file\n`);
  }
  if (timeline !== undefined && args.html !== undefined) {
    keepSlowest(files);
    const title = `tidegate profile ${args.patterns.join(' ')}`;
    const page = profilePage({ title, timeline: timeline.stop(), log, files });
    await writeFile(args.html, page).catch((cause: Error) => {
      throw new TidegateError('ERR_SINK', `Cannot write ${args.html}: ${cause.message}`, { file: args.html, cause });
    });
  }
  return failedCount > 0 ? EXIT.someFailed : EXIT.ok;
}

function keepSlowest(files: FileProfile[]): void {
  files.sort((a, b) => b.profile.elapsedMs - a.profile.elapsedMs).splice(LISTED_COUNT);
}

async function* paths(args: ProfileArguments, complain: (text: string) => void): AsyncGenerator<string, void, void> {
  for await (const found of walk(args.patterns, { dot: args.dot })) {
    const issue = issueOf(found);
    if (issue === undefined) yield found.path;
    else complain(issue);
  }
}

/** What is no file that can be opened by its path. */
function issueOf(found: Found): string | undefined {
  if (found.kind === 'issue') return found.error.message;
  if (found.kind !== 'file' || typeof found.name === 'string') return undefined;
  const issue = foundIssue(found.path, 'profile', new Error('its name is not UTF-8'));
  return issue.kind === 'issue' ? issue.error.message : undefined;
}
