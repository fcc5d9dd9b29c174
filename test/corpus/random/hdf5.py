"""Writes random HDF5 files, SEED.h5 for each seed of a range: python3 hdf5.py FOLDER FIRST LAST"""
import os, random, sys
import h5py, numpy as np

NAMES = ['a', 'b', 'temp', 'x y', 'é', 'data', 'Ω', 'n.1', '__proto__', 'constructor', 'very_long_name_' * 4]
VERSIONS = ['earliest', 'latest', ('earliest', 'v108'), ('v110', 'v110'), ('v108', 'v110'), ('earliest', 'v110')]
SHAPES = [(), (1,), (3,), (2, 2), (0,), (5, 1, 2), (17,)]
INTEGERS = ['i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8']


def name(r): return r.choice(NAMES) + str(r.randrange(1000))


def dtype(r):
    order = r.choice('<>')
    return r.choice([
        lambda: np.dtype(order + r.choice(INTEGERS)),
        lambda: np.dtype(order + r.choice(['f2', 'f4', 'f8'])),
        lambda: h5py.string_dtype(r.choice(['utf-8', 'ascii'])),
        lambda: h5py.string_dtype('utf-8', r.randrange(1, 20)),
        lambda: np.dtype('S%d' % r.randrange(1, 12)),
        lambda: np.dtype([('x', '<i4'), ('y', r.choice(['>f8', '<f4'])), ('s', 'S5')]),
        lambda: np.dtype([('m', '<f4', (2, 3)), ('n', [('p', 'u1'), ('q', '<i8')])]),
        lambda: h5py.enum_dtype({'RED': 0, 'GREEN': 1, 'BLUE': 100}, basetype=r.choice(['u1', '<i4', '>i2'])),
        lambda: h5py.vlen_dtype(np.dtype(r.choice(['<i4', 'f8', 'u1']))),
        lambda: np.dtype('V%d' % r.randrange(1, 9)),
        lambda: np.dtype(bool),
        lambda: np.dtype(r.choice(['c8', 'c16'])),
        lambda: h5py.ref_dtype,
        lambda: np.dtype((r.choice(['<i2', '<f4']), (r.randrange(1, 4),))),
    ])()


def value(r, kind, shape, file):
    count = int(np.prod(shape)) if shape else 1
    text, sequence = h5py.check_string_dtype(kind), h5py.check_vlen_dtype(kind)
    if h5py.check_ref_dtype(kind) or sequence is not None or (text is not None and text.length is None):
        cells = np.empty(count, dtype=kind if h5py.check_ref_dtype(kind) else object)
        for i in range(count):
            if h5py.check_ref_dtype(kind): cells[i] = file.ref
            elif sequence is not None: cells[i] = np.arange(r.randrange(5)).astype(sequence)
            else: cells[i] = r.choice(['', 'abc', 'zz'] + (['é日本', 'x' * 30] if text.encoding == 'utf-8' else []))
        return cells.reshape(shape) if shape else cells[0]
    if h5py.check_enum_dtype(kind) or kind == bool:
        return np.array([r.randrange(2) for _ in range(count)]).astype(kind).reshape(shape)
    raw = bytes(r.randrange(32, 127) for _ in range(count * kind.itemsize))
    full = tuple(shape) + (kind.shape if kind.subdtype else ())
    return np.frombuffer(raw, dtype=kind, count=count).reshape(full) if count else np.zeros(shape, kind)


def attributes(r, owner, file):
    for _ in range(r.choice([0, 0, 1, 3, 3, 20])):
        kind, shape = dtype(r), r.choice(SHAPES)
        try:
            if r.random() < .08: owner.attrs.create(name(r), h5py.Empty(kind.base))
            else: owner.attrs.create(name(r), value(r, kind, shape, file), shape=shape, dtype=kind)
        except Exception: pass  # not every type goes with every shape, and the library has its limits


def dataset(r, group, file):
    kind, shape, options = dtype(r), r.choice(SHAPES), {}
    if shape and 0 not in shape and r.random() < .6:
        options['chunks'] = tuple(r.randrange(1, n + 1) for n in shape)
        if r.random() < .5: options['compression'] = r.choice(['gzip', 'lzf'])
        options['shuffle'], options['fletcher32'] = r.random() < .4, r.random() < .3
        if r.random() < .4: options['maxshape'] = tuple(r.choice([None, n * 3]) for n in shape)
    if r.random() < .3 and kind.kind in 'iuf': options['fillvalue'] = 7
    if r.random() < .06: return group.create_dataset(name(r), data=h5py.Empty('f4'))
    made = group.create_dataset(name(r), shape=shape, dtype=kind, **options)
    if r.random() < .8: made[...] = value(r, kind, shape, file)
    return made


def grow(r, file):
    groups, objects = [file], [file]
    for _ in range(r.randrange(1, 40)):
        group, dice = r.choice(groups), r.random()
        try:
            if dice < .25: groups.append(group.create_group(name(r), track_order=r.choice([None, True]))); objects.append(groups[-1])
            elif dice < .75: objects.append(dataset(r, group, file))
            elif dice < .82: group[name(r)] = h5py.SoftLink(r.choice(['/nowhere', 'a', '..', '/']))
            elif dice < .87: group[name(r)] = h5py.ExternalLink('other.h5', '/x')
            elif dice < .92: group[name(r)] = r.choice(objects)
            elif dice < .96: file[name(r)] = dtype(r)
            else:
                group.create_group('gone')
                del group['gone']
        except Exception: pass
    for owner in objects: attributes(r, owner, file)
    if r.random() < .3:
        many = file.create_group('many')
        for i in range(r.randrange(5, 400)): many.create_dataset('d%04d' % i, data=np.arange(i % 4))
        for i in range(r.randrange(4)): del many['d%04d' % i]


folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for seed in range(first, last):
    r, path = random.Random(seed), os.path.join(folder, '%05d.h5' % seed)
    options = dict(libver=r.choice(VERSIONS), track_order=r.random() < .3)
    if r.random() < .15: options['userblock_size'] = r.choice([512, 1024, 2048])
    if r.random() < .2: options.update(fs_strategy=r.choice(['page', 'aggregate', 'none', 'fsm']), fs_persist=r.random() < .5)
    try:
        with h5py.File(path, 'w', **options) as file: grow(r, file)
    except Exception: os.path.exists(path) and os.remove(path)  # options that do not go together
