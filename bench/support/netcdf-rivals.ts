// Programs of other libraries; each is told a folder.

/** Parses, and leaves it at that: no paths, no names for dimensions, no offsets of values. */
export const NETCDFJS: string = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { NetCDFReader } from 'netcdfjs';
  let count = 0;
  for (const name of readdirSync(process.argv[1])) {
    count += new NetCDFReader(readFileSync(process.argv[1] + '/' + name)).variables.length;
  }
`;

/** Ends with the same rows as ours, but for the offsets of values, which it does not tell. */
export const NETCDFJS_RECORDS: string = `
  import { readdirSync, readFileSync, statSync } from 'node:fs';
  import { NetCDFReader } from 'netcdfjs';
  const format = 'netcdf';
  let count = 0;
  for (const name of readdirSync(process.argv[1])) {
    const file = process.argv[1] + '/' + name;
    const { size, mtime } = statSync(file);
    const rows = [{ file, format, seq: 0, kind: 'file', size, mtime: mtime.toISOString() }];
    const header = new NetCDFReader(readFileSync(file));
    const fields = (owner, attributes) => {
      for (const { name, type, value } of attributes)
        rows.push({ file, format, seq: rows.length, kind: 'field', path: owner + '@' + name, key: name, name, dtype: type, value });
    };
    for (const { name, size } of header.dimensions)
      rows.push({ file, format, seq: rows.length, kind: 'object', path: '/' + name, class: 'dimension', shape: [size] });
    fields('/', header.globalAttributes);
    for (const { name, type, dimensions, attributes, offset, size } of header.variables) {
      const path = '/' + name;
      const shape = dimensions.map((index) => header.dimensions[index].size);
      const names = dimensions.map((index) => header.dimensions[index].name);
      rows.push({ file, format, seq: rows.length, kind: 'object', path, class: 'variable', dtype: type, shape,
        offset, length: size, attributes: { dimensions: names } });
      fields(path, attributes);
    }
    count += rows.length;
  }
`;

/** Opens each file and reads all its attributes. */
export const NETCDF4_HEADERS: string = `
import os, sys, netCDF4
for name in os.listdir(sys.argv[1]):
    data = netCDF4.Dataset(os.path.join(sys.argv[1], name))
    for owner in [data, *data.variables.values()]:
        for key in owner.ncattrs(): owner.getncattr(key)
    data.close()
`;

/** Statistics of the variable `v`, 256 rows at once. */
export const NETCDF4_SCAN: string = `
import os, sys, netCDF4, numpy
for name in os.listdir(sys.argv[1]):
    variable = netCDF4.Dataset(os.path.join(sys.argv[1], name)).variables['v']
    variable.set_auto_maskandscale(False)
    rows = 256
    for at in range(0, variable.shape[0], rows):
        part = variable[at:at + rows]
        numpy.nanmin(part), numpy.nanmax(part), part.mean(dtype='f8'), part.std(dtype='f8'), numpy.isnan(part).sum()
`;
