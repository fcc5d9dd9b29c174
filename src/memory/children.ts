const pids: Set<number> = new Set();

/** A child of this process lives, until what this returns is called. */
export function noteChild(pid: number | undefined): () => void {
  if (pid !== undefined) pids.add(pid);
  return () => {
    if (pid !== undefined) pids.delete(pid);
  };
}

/** The children that tidegate has started and that live: ffmpeg. */
export function childPids(): readonly number[] {
  return [...pids];
}
