const NO_DATA = {
  differences: ['status'],
  reason:
    'The file is a header alone: the data that its axes declare are missing. astropy never looks for them; we say partial.',
} as const;
const NO_EXTEND = {
  differences: ['missing field||hdu[0]/EXTEND'],
  reason: 'The file has no EXTEND card: astropy adds one to its primary header when it opens a file with extensions.',
} as const;

/** Files of the corpus where the facts of astropy are not those of the file, and why. */
export const KNOWN_DIFFERENCES: Readonly<
  Record<string, { readonly differences: readonly string[]; readonly reason: string }>
> = {
  'astrogo+fitsio/testdata/file-img2-bitpix+08.fits': NO_EXTEND,
  'astrogo+fitsio/testdata/file-img2-bitpix+16.fits': NO_EXTEND,
  'astrogo+fitsio/testdata/file-img2-bitpix+32.fits': NO_EXTEND,
  'astrogo+fitsio/testdata/file-img2-bitpix+64.fits': NO_EXTEND,
  'astrogo+fitsio/testdata/file-img2-bitpix-32.fits': NO_EXTEND,
  'astrogo+fitsio/testdata/file-img2-bitpix-64.fits': NO_EXTEND,
  'astropy+astropy/astropy/io/fits/tests/data/invalid/group_invalid.fits': {
    differences: ['value field||hdu[0]/NAXIS', 'missing field||hdu[0]/NAXIS1'],
    reason: 'The file says NAXIS = 0 beside GROUPS = T. astropy mends its header to NAXIS = 1, NAXIS1 = 0.',
  },
  'astropy+astropy/astropy/wcs/tests/data/2wcses.hdr': NO_DATA,
  'astropy+astropy/astropy/wcs/tests/data/siponly.hdr': NO_DATA,
  'astropy+astropy/astropy/wcs/tests/data/too_many_pv.hdr': NO_DATA,
  'astropy+astropy/astropy/wcs/tests/data/tpvonly.hdr': NO_DATA,
  'astropy+astropy/astropy/wcs/tests/data/unit.hdr': NO_DATA,
};
