import type { Json, ObjectClass } from '../records.ts';

/** A `field` before it has its place in the file's sequence. */
export interface FieldBody {
  readonly path: string;
  readonly key: string;
  readonly name: string;
  readonly dtype: string;
  readonly value: Json;
  readonly unit?: string | undefined;
  readonly comment?: string | undefined;
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly bulk?: true | undefined;
}

/** An `object` before it has its place in the file's sequence. */
export interface ObjectBody {
  readonly path: string;
  readonly class: ObjectClass;
  readonly dtype?: string | undefined;
  readonly shape?: readonly number[] | undefined;
  readonly maxShape?: readonly (number | null)[] | undefined;
  readonly chunks?: readonly number[] | undefined;
  readonly codec?: string | undefined;
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly attributes?: Readonly<Record<string, Json>> | undefined;
}

/** A `sample` before it has its place in the file's sequence. */
export interface SampleBody {
  readonly path: string;
  readonly index: number;
  readonly time?: number | undefined;
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly value: Json;
}

/** An `issue` before it has its place in the file's sequence. */
export interface IssueBody {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly offset?: number | undefined;
  readonly path?: string | undefined;
}
