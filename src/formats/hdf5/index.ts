/**
 * The HDF5 model: what a layer over HDF5 (NetCDF-4) builds on. Nothing here knows records.
 *
 * 1. **Open**: `const file = await Hdf5File.open(input, { signal })`. The input must be able to seek
 *    (`seekableInput` makes one of a small pipe). `file.superblock.rootAddress` is the root group.
 * 2. **Steps**: functions marked "A step" are synchronous and read through a page cache. Call each inside
 *    `file.run(() => ...)`: it gives the result, or a promise where bytes have to be waited for (`isPromise`), and
 *    then the step is started again. So a step must be pure until it returns; several steps may be joined in one
 *    `run` as long as they touch little of the file (64 MiB at most).
 * 3. **Objects**: `readObject(file, address)` gives `{ kind: 'group' | 'datatype' | 'dataset', header }`; a dataset has
 *    `type`, `typeAddress`, `space` (`kind`, `shape`, `maxShape` with `null` = unlimited), `layout` (`chunkShape` ...),
 *    `filters`; `readFillValue(file, dataset)`. An object's identity is `header.address`, which is also what a
 *    `Reference` has.
 * 4. **Links and attributes**: `openLinks(file, header, guard)` and `openAttributes(file, header, guard)` give `Steps`:
 *    `next()` (a step) gives arrays, then `undefined`; `eachBatch(file, () => openLinks(...))` awaits them for you.
 *    One `TreeGuard` serves a whole walk; take a new one to walk again. `creationOrder` is there where the file
 *    tracks it. `Walk` goes through all objects, each once: `next()` (a step) gives one, `null` if it had something
 *    else to read, `undefined` behind the last one.
 * 5. **Values**: `readValues(file, attribute.type, attribute.value, limits)` gives the elements, flat, in C order
 *    (see `Value`): text of fixed and of variable length as `string`, references as `{ kind, address }`, sequences
 *    as arrays, 64-bit integers as `bigint`, enums as their numbers (`enumNames(type)` has the names).
 *    `jsonReader(type)` turns an element into JSON.
 *
 * So the attributes of the root group are read like this:
 *
 *     const file = await Hdf5File.open(input);
 *     const root = await file.run(() => readObject(file, file.superblock.rootAddress));
 *     const guard = new TreeGuard(file.sizeBytes);
 *     for await (const batch of eachBatch(file, () => openAttributes(file, root.header, guard))) {
 *       for (const { name, type, value } of batch) print(name, await file.run(() => readValues(file, type, value)));
 *     }
 *
 * Errors are `TidegateError`s: `ERR_MALFORMED`, `ERR_TRUNCATED_INPUT`, `ERR_CHECKSUM`, `ERR_UNSUPPORTED`, `ERR_INFLATE`,
 * `ERR_LIMIT`. After one of them a `Steps` can be asked again: it goes on
 * behind what could not be read.
 *
 * @module
 */
export type { Attribute } from './attribute.ts';
export { openAttributes } from './attributes.ts';
export { type Dataspace, elementCount } from './dataspace.ts';
export type { Datatype } from './datatype.ts';
export { dtypeOf } from './dtype.ts';
export { eachBatch } from './each-batch.ts';
export type { Reference, Value } from './element.ts';
export type { ElementsJson } from './elements-json.ts';
export { Hdf5File } from './file.ts';
export { readFillValue } from './fill-value.ts';
export { codecOf, type Filter } from './filter-pipeline.ts';
export type { Layout } from './layout.ts';
export type { Link } from './link.ts';
export { openLinks } from './links.ts';
export { type DatasetObject, type DatatypeObject, type GroupObject, type Hdf5Object, readObject } from './object.ts';
export type { ObjectHeader } from './object-header.ts';
export { seekableInput } from './seekable-input.ts';
export type { Span } from './span.ts';
export type { Steps } from './steps.ts';
export { TreeGuard } from './tree-guard.ts';
export { readValues, type ValueLimits } from './value.ts';
export { enumNames, type JsonOf, jsonReader } from './value-json.ts';
export { type Visit, Walk, type WalkOptions } from './walk.ts';
