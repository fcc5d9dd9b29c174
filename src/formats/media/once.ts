/**
 * Loads a module on the first call and remembers it: even of a module that is loaded already, a dynamic import costs
 * some 50 us, which is a tenth of a small file.
 */
export function once<T>(load: () => Promise<T>): () => T | Promise<T> {
  let loaded: T | undefined;
  return () => loaded ?? load().then((module) => (loaded = module));
}
