/** Every code that a {@link TidegateError} can carry. A code never changes its meaning. */
export type ErrorCode =
  /** An option has a value that cannot be used. */
  | 'ERR_OPTION'
  /** The input does not exist, or may not be opened. */
  | 'ERR_INPUT_OPEN'
  /** A read from the input failed: the device, the server or the pipe said no. */
  | 'ERR_INPUT_READ'
  /** The input changed while it was being read. */
  | 'ERR_INPUT_CHANGED'
  /** The input ends before what it declares. */
  | 'ERR_TRUNCATED_INPUT'
  /** The bytes contradict the standard of the format. */
  | 'ERR_MALFORMED'
  /** The standard allows it, this version cannot read it. */
  | 'ERR_UNSUPPORTED'
  /** A limit of the options was reached (`maxDepth`, `maxRecords`, `maxInflateRatio` ...). */
  | 'ERR_LIMIT'
  /** Compressed bytes cannot be decompressed. */
  | 'ERR_INFLATE'
  /** A checksum in the file does not match its bytes. */
  | 'ERR_CHECKSUM'
  /** Text cannot be decoded in the character set that the file declares. */
  | 'ERR_TEXT'
  /** No reader knows this input. */
  | 'ERR_FORMAT_UNKNOWN'
  /** A backward seek on an input that can only be read once, front to back. */
  | 'ERR_NOT_SEEKABLE'
  /** An optional package is not installed; the message has the command that installs it. */
  | 'ERR_MISSING_PEER'
  /** An external program is missing, failed or took too long. */
  | 'ERR_CHILD_PROCESS'
  /** A sink failed. */
  | 'ERR_SINK'
  /** Another run is writing to the output; `facts.pid` says which. */
  | 'ERR_LOCKED'
  /** The work was cancelled by its `signal`. */
  | 'ERR_ABORTED'
  /** Nothing arrived for longer than allowed. */
  | 'ERR_TIMEOUT'
  /** A bounded queue is full and its policy says to fail. */
  | 'ERR_OVERFLOW'
  /** More live groups than may be consumed at once. */
  | 'ERR_GROUPS'
  /** More memory is needed than the budget can ever give. */
  | 'ERR_BUDGET'
  /** A lease was released twice, or used after its release. */
  | 'ERR_LEASE'
  /** A failure that is a defect of tidegate itself: please report it. */
  | 'ERR_INTERNAL';

/** What was seen, for programs: the file, the byte offset, what was expected. */
export interface ErrorFacts {
  /** The input as it was given. */
  readonly file?: string | undefined;
  /** The byte in the input where it went wrong. */
  readonly offset?: number | undefined;
  readonly [fact: string]: unknown;
}

/** The one error class of tidegate: `code` is for programs and stays, `message` is for people and may improve. */
export class TidegateError extends Error {
  override readonly name = 'TidegateError';
  readonly code: ErrorCode;
  /** The input as it was given, where one is concerned. */
  readonly file: string | undefined;
  /** The byte in the input where it went wrong, where one is known. */
  readonly offset: number | undefined;
  /** All facts, also those that only this error has. */
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts & { readonly cause?: unknown } = {}) {
    const { cause, ...rest } = facts;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = rest.file;
    this.offset = rest.offset;
    this.facts = rest;
  }
}

/** The error as a {@link TidegateError}: itself if it is one, else wrapped under `code` with the original as `cause`. */
export function asTidegateError(error: unknown, code: ErrorCode, facts: ErrorFacts = {}): TidegateError {
  if (error instanceof TidegateError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TidegateError(code, message, { ...facts, cause: error });
}
