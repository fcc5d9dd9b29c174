"""Writes random FITS files, SEED.fits for each seed of a range: python3 fits.py FOLDER FIRST LAST"""
import os, random, sys, warnings
import numpy as np
from astropy.io import fits

warnings.simplefilter('ignore')
VALUES = [True, False, 0, -5, 123456789012, 1.5, -2.5e-300, 1e10, 3.0, '', 'text', "it's 'quoted'", 'x' * 150, 'x' * 300,
          'trail   ', ' lead', 'a/b / c', complex(1, -2), None, 'ends with & amp&']
COMMENTS = ['', '[m/s] speed', 'plain comment', '[adu]', 'c' * 70]
COLUMNS = ['L', 'X', 'B', 'I', 'J', 'K', 'E', 'D', 'C', 'M', '5A', '3J', '2E', 'PJ()', 'PE()', 'PA()', 'QD()', '12X', '4L']


def cards(r, header):
    for _ in range(r.choice([0, 3, 10, 60])):
        number = r.randrange(999)
        key = r.choice(['KEY%d', 'A-B_%d', 'HIERARCH ESO DET %d X', 'lower%d', 'HIERARCH a long keyword %d']) % number
        try:
            header[key] = (r.choice(VALUES), r.choice(COMMENTS))
            str(header.cards[key])  # some are too long for their keyword
        except Exception: header.remove(key, ignore_missing=True)
    for _ in range(r.choice([0, 0, 2])): header.add_comment(r.choice(['hello', '', 'z' * 150]))
    for _ in range(r.choice([0, 0, 2])): header.add_history(r.choice(['did it', 'z' * 100]))
    if r.random() < .3: header.add_blank(r.choice(['', 'blank text']))


def image(r, numpy):
    shape = tuple(r.randrange(1, 8) for _ in range(r.randrange(5)))
    kind = r.choice(['u1', '>i2', '>i4', '>i8', '>f4', '>f8', 'u2', 'u4', 'i1'])
    return numpy.integers(0, 100, shape).astype(kind) if shape else None


def cells(r, numpy, code, count):
    if code[0] in 'PQ':
        lists = np.empty(count, dtype=object)
        for i in range(count): lists[i] = 'ab' * r.randrange(3) if 'A' in code else numpy.integers(0, 9, r.randrange(4))
        return lists
    if code == '5A': return np.array((['ab', 'hello', ''] * count)[:count], 'U5')
    width = int(code[:-1] or 1)
    if code[-1] == 'X': return numpy.integers(0, 2, (count, width)).astype(bool)
    values = numpy.integers(0, 2 if code[-1] == 'L' else 100, (count, width) if width > 1 else count)
    return values.astype(bool) if code[-1] == 'L' else values


def table(r, numpy):
    count, columns = r.choice([0, 1, 5, 30]), []
    for i in range(r.randrange(1, 8)):
        code = r.choice(COLUMNS)
        more = dict(unit='m/s') if r.random() < .3 else {}
        columns.append(fits.Column('c%d' % i + r.choice(['', ' x', '_y']), code, array=cells(r, numpy, code, count), **more))
    return fits.BinTableHDU.from_columns(columns)


def text_table(r):
    rows = np.arange(r.choice([1, 4]))
    return fits.TableHDU.from_columns([fits.Column('a', 'I6', array=rows), fits.Column('b', 'F10.3', array=rows * 1.5)])


def tiles(r, numpy):
    pixels = numpy.integers(0, 100, (r.randrange(4, 40), r.randrange(4, 40))).astype(r.choice(['i2', 'i4']))
    return fits.CompImageHDU(pixels, compression_type=r.choice(['RICE_1', 'GZIP_1', 'GZIP_2', 'HCOMPRESS_1', 'PLIO_1']))


def hdus(r, numpy):
    made = fits.HDUList([fits.PrimaryHDU(image(r, numpy))])
    for _ in range(r.randrange(5)):
        make = r.choice([lambda: fits.ImageHDU(image(r, numpy)), lambda: table(r, numpy), lambda: table(r, numpy),
                         lambda: text_table(r), lambda: tiles(r, numpy)])
        made.append(make())
    for hdu in made: cards(r, hdu.header)
    return made


folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for seed in range(first, last):
    r, path = random.Random(seed), os.path.join(folder, '%05d.fits' % seed)
    try: hdus(r, np.random.default_rng(seed)).writeto(path, checksum=r.random() < .3, output_verify='silentfix')
    except Exception: os.path.exists(path) and os.remove(path)  # what astropy cannot write
