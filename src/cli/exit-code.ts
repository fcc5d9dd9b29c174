/** What the command tells the shell. */
export const EXIT = {
  /** All well; also when the reader of the output has had enough. */
  ok: 0,
  /** The run could not be finished: the output, or the program itself, failed. */
  fatal: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** The run is complete, but some inputs could not be read, or not to their end. */
  someFailed: 3,
  /** Interrupted: 128 + the number of the signal, as shells count. */
  interrupted: 130,
  terminated: 143,
} as const;
