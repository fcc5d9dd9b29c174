export { type ExtractAllOptions, extractAll } from './extract-all.ts';
export type { FailedFile } from './failed-file.ts';
export type { Failure } from './failure.ts';
export type { FileName } from './file-name.ts';
export type { Found } from './found.ts';
export { type FilesSource, type FromFilesOptions, fromFiles, type Manifest } from './from-files.ts';
export type { DeadLetters } from './letter-box.ts';
export type { FilterOptions } from './path-filter.ts';
export { type ProfileFilesOptions, profileFiles } from './profile-files.ts';
