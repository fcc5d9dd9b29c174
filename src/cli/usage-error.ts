/** The command line cannot be understood: exit code 2, the message, and where help is to be found. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
