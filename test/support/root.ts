import { fileURLToPath } from 'node:url';

/** The folder of package.json, with a slash at its end; tests run from `build/test`. */
export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));
