/** One format by its magic bytes: all of `marks` have to stand where they say. */
export interface SignatureRow {
  /** As registered with IANA, else the name that is in common use. */
  readonly mediaType: string;
  readonly title: string;
  /** Offset and bytes (latin1 text) of each mark. */
  readonly marks: readonly (readonly [offset: number, magic: string])[];
}

const row = (mediaType: string, title: string, ...marks: SignatureRow['marks']): SignatureRow => ({
  mediaType,
  title,
  marks,
});

/** In the order of judgement: of two rows that match the same bytes, the more particular one comes first. */
export const SIGNATURES: readonly SignatureRow[] = [
  // Science
  row('application/dicom', 'DICOM', [128, 'DICM']),
  row('application/fits', 'FITS', [0, 'SIMPLE  =']),
  // The superblock may stand behind a user block: HDF5 file format specification, section II.A.
  ...[0, 512, 1024, 2048].map((offset) => row('application/x-hdf5', 'HDF5', [offset, '\x89HDF\r\n\x1a\n'])),
  row('application/x-hdf', 'HDF4', [0, '\x0e\x03\x13\x01']),
  row('application/x-netcdf', 'netCDF classic', [0, 'CDF\x01']),
  row('application/x-netcdf', 'netCDF with 64-bit offsets', [0, 'CDF\x02']),
  row('application/x-netcdf', 'netCDF with 64-bit data', [0, 'CDF\x05']),
  row('application/x-nifti', 'NIfTI-1', [344, 'n+1\0']),
  row('application/x-nifti', 'NIfTI-2', [4, 'n+2\0\r\n\x1a\n']),
  row('application/x-nrrd', 'NRRD', [0, 'NRRD000']),
  row('application/x-numpy', 'NumPy array', [0, '\x93NUMPY']),
  row('application/x-matlab-data', 'MATLAB 5', [0, 'MATLAB 5.0 MAT-file']),
  row('application/wmo-GRIB2', 'GRIB', [0, 'GRIB']),
  row('application/wmo-bufr', 'BUFR', [0, 'BUFR']),
  row('application/x-root', 'ROOT', [0, 'root\0']),
  row('application/vnd.las', 'LAS point cloud', [0, 'LASF']),
  row('application/vnd.apache.parquet', 'Apache Parquet', [0, 'PAR1']),
  row('application/vnd.apache.arrow.file', 'Apache Arrow', [0, 'ARROW1\0\0']),
  row('application/vnd.apache.avro', 'Apache Avro', [0, 'Obj\x01']),
  row('application/vnd.apache.orc', 'Apache ORC', [0, 'ORC']),
  row('application/vnd.sqlite3', 'SQLite 3', [0, 'SQLite format 3\0']),
  // Images
  row('image/png', 'PNG', [0, '\x89PNG\r\n\x1a\n']),
  row('image/jpeg', 'JPEG', [0, '\xff\xd8\xff']),
  row('image/gif', 'GIF', [0, 'GIF87a']),
  row('image/gif', 'GIF', [0, 'GIF89a']),
  row('image/webp', 'WebP', [0, 'RIFF'], [8, 'WEBP']),
  row('image/tiff', 'TIFF, little-endian', [0, 'II*\0']),
  row('image/tiff', 'TIFF, big-endian', [0, 'MM\0*']),
  row('image/tiff', 'BigTIFF, little-endian', [0, 'II+\0\x08\0\0\0']),
  row('image/tiff', 'BigTIFF, big-endian', [0, 'MM\0+\0\x08\0\0']),
  row('image/jp2', 'JPEG 2000', [0, '\0\0\0\x0cjP  \r\n\x87\n']),
  row('image/jxl', 'JPEG XL', [0, '\0\0\0\x0cJXL \r\n\x87\n']),
  // The two reserved fields behind the file size are zero.
  row('image/bmp', 'BMP', [0, 'BM'], [6, '\0\0\0\0']),
  row('image/heic', 'HEIC', [4, 'ftypheic']),
  row('image/avif', 'AVIF', [4, 'ftypavif']),
  // Audio and video
  row('audio/vnd.wave', 'WAVE', [0, 'RIFF'], [8, 'WAVE']),
  row('audio/vnd.wave', 'WAVE with 64-bit sizes', [0, 'RF64'], [8, 'WAVE']),
  row('audio/aiff', 'AIFF', [0, 'FORM'], [8, 'AIFF']),
  row('audio/aiff', 'AIFF-C', [0, 'FORM'], [8, 'AIFC']),
  row('audio/flac', 'FLAC', [0, 'fLaC']),
  row('audio/basic', 'Sun audio', [0, '.snd']),
  row('audio/x-caf', 'Core Audio', [0, 'caff\0\x01']),
  row('audio/midi', 'MIDI', [0, 'MThd\0\0\0\x06']),
  row('audio/mpeg', 'MPEG audio with ID3v2', [0, 'ID3']),
  row('audio/mp4', 'MPEG-4 audio', [4, 'ftypM4A ']),
  row('video/quicktime', 'QuickTime', [4, 'ftypqt  ']),
  row('video/mp4', 'ISO base media (MP4)', [4, 'ftyp']),
  row('application/ogg', 'Ogg', [0, 'OggS\0']),
  row('video/vnd.avi', 'AVI', [0, 'RIFF'], [8, 'AVI ']),
  row('video/matroska', 'Matroska or WebM', [0, '\x1aE\xdf\xa3']),
  row('video/x-flv', 'Flash video', [0, 'FLV\x01']),
  row('video/x-ms-asf', 'ASF (WMA, WMV)', [0, '0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel']),
  row('video/mpeg', 'MPEG program stream', [0, '\0\0\x01\xba']),
  row('video/mp2t', 'MPEG transport stream', [0, 'G'], [188, 'G'], [376, 'G']),
  // Archives and compression
  row('application/gzip', 'gzip', [0, '\x1f\x8b\x08']),
  row('application/x-bzip2', 'bzip2', [0, 'BZh'], [4, '1AY&SY']),
  row('application/x-xz', 'xz', [0, '\xfd7zXZ\0']),
  row('application/zstd', 'Zstandard', [0, '(\xb5/\xfd']),
  row('application/x-lz4', 'LZ4', [0, '\x04"M\x18']),
  row('application/x-compress', 'compress (LZW)', [0, '\x1f\x9d']),
  row('application/zip', 'ZIP', [0, 'PK\x03\x04']),
  row('application/zip', 'ZIP, empty', [0, 'PK\x05\x06']),
  row('application/x-7z-compressed', '7-Zip', [0, "7z\xbc\xaf'\x1c"]),
  row('application/vnd.rar', 'RAR', [0, 'Rar!\x1a\x07']),
  row('application/x-tar', 'tar', [257, 'ustar']),
  // Documents and programs
  row('application/pdf', 'PDF', [0, '%PDF-']),
  row('application/postscript', 'PostScript', [0, '%!PS']),
  row('text/rtf', 'RTF', [0, '{\\rtf']),
  row('application/xml', 'XML', [0, '<?xml ']),
  row('application/xml', 'XML with a byte order mark', [0, '\xef\xbb\xbf<?xml ']),
  row('application/wasm', 'WebAssembly', [0, '\0asm']),
  row('application/x-elf', 'ELF', [0, '\x7fELF']),
  row('application/vnd.microsoft.portable-executable', 'DOS or Windows program', [0, 'MZ']),
];
