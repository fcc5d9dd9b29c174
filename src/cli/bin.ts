#!/usr/bin/env node
import './base-rss.ts';
import { type Command, parseCommand } from './arguments.ts';
import { EXIT } from './exit-code.ts';
import { printable } from './printable.ts';
import { UsageError } from './usage-error.ts';

// Everything else is imported when the command needs it: `--help` costs little more than Node itself.
async function run(command: Command): Promise<number> {
  if ('arguments' in command && command.name !== 'profile') {
    (await import('./lean-start.ts')).startLean(command.arguments.memory);
  }
  switch (command.name) {
    case 'extract':
      return leave(await (await import('./extract.ts')).runExtract(command.arguments));
    case 'retry-dead':
      return leave(await (await import('./retry-dead.ts')).runRetryDead(command.arguments));
    case 'singer':
      return leave(await (await import('./singer.ts')).runSinger(command.arguments));
    case 'profile':
      return leave(await (await import('./profile.ts')).runProfile(command.arguments));
    case 'cdl':
      return leave(await (await import('./cdl.ts')).runCdl(command.path));
    case 'formats':
      return (await import('./formats.ts')).runFormats();
    case 'version':
      process.stdout.write(`${(await import('./version.ts')).version()}\n`);
      return EXIT.ok;
    case 'help':
      process.stdout.write((await import('./help.ts')).HELP);
      return EXIT.ok;
  }
}

/** Ends the process although a read or write that nobody answers is still under way. The output is complete. */
function leave(code: number): number {
  const exit = () => process.exit(code);
  process.stderr.write('', exit);
  setTimeout(exit, 1000).unref();
  return code;
}

// Whoever reads the output may leave at any time (`| head -1`): no reason to complain.
process.stdout.on('error', ignorePipe);
process.stderr.on('error', ignorePipe);

function ignorePipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

try {
  process.exitCode = await run(parseCommand(process.argv.slice(2)));
} catch (error) {
  const isUsage = error instanceof UsageError;
  const hint = isUsage ? '\nSee tidegate --help' : '';
  process.stderr.write(`tidegate: ${printable(error instanceof Error ? error.message : String(error))}${hint}\n`);
  process.exitCode = isUsage ? EXIT.usage : EXIT.fatal;
}
