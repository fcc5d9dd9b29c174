import h5wasm, { type Dataset, type File, type Group } from 'h5wasm';

let fileCount = 0;

/** A file made by the HDF5 library, in memory; creation order is tracked, as NetCDF does. */
export async function nc4File(fill: (file: File) => void, options: { track_order?: boolean } = {}): Promise<Buffer> {
  const { FS } = await h5wasm.ready;
  const name = `made-${fileCount++}.nc`;
  const file = new h5wasm.File(name, 'w', { track_order: options.track_order ?? true });
  fill(file);
  file.close();
  const bytes = Buffer.from(FS.readFile(name) as Uint8Array);
  FS.unlink(name);
  return bytes;
}

/** A dimension as the NetCDF library writes it; without `values` it is no variable. */
export function addDimension(
  group: Group,
  name: string,
  length: number,
  options: { id?: number; isUnlimited?: boolean; values?: Float64Array } = {},
): Dataset {
  const dataset = group.create_dataset({
    name,
    data: options.values ?? new Float32Array(length),
    shape: [length],
    maxshape: options.isUnlimited ? [null] : [length],
    ...(options.isUnlimited ? { chunks: [4] } : {}),
  })!;
  const dimensionOnly = `This is a netCDF dimension but not a netCDF variable.${String(length).padStart(10)}`;
  dataset.make_scale(options.values ? name : dimensionOnly);
  if (options.id !== undefined) dataset.create_attribute('_Netcdf4Dimid', options.id, [], '<i');
  return dataset;
}

/** A variable with the dimensions of these paths. */
export function addVariable(
  group: Group,
  name: string,
  content: {
    data: Float32Array | Int16Array | Int32Array | BigInt64Array;
    shape: number[];
    scales?: string[];
    chunks?: number[];
    maxshape?: (number | null)[];
  },
): Dataset {
  const { data, shape, scales = [], chunks, maxshape } = content;
  const dataset = group.create_dataset({
    name,
    data,
    shape,
    ...(maxshape ? { maxshape } : {}),
    ...(chunks ? { chunks, compression: 1 } : {}),
  })!;
  scales.forEach((scale, axis) => void dataset.attach_scale(axis, scale));
  return dataset;
}
