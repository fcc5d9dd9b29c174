"""Writes random NetCDF files of all formats, SEED.nc for each seed of a range: python3 netcdf.py FOLDER FIRST LAST"""
import os, random, sys, warnings
import netCDF4, numpy as np

warnings.simplefilter('ignore')
FORMATS = ['NETCDF3_CLASSIC', 'NETCDF3_64BIT_OFFSET', 'NETCDF3_64BIT_DATA', 'NETCDF4_CLASSIC', 'NETCDF4', 'NETCDF4']
NAMES = ['a', 'b', 'temp', 'time', 'lat', 'é', 'Ω', 'n.1', 'x-y', 'v@', 'long_name_' * 3]
TEXTS = ['', 'm/s', 'é日本', 'two\nlines', 'tab\t"q"\\', 'x' * 300]


def name(r): return r.choice(NAMES) + str(r.randrange(1000))


def numbers(r, types):
    kind = r.choice(types)
    choice = {'f': [0, 1.5, 3.4e10, float('nan'), 1e-7], 'u': [0, 1, 7, 100], 'i': [0, 1, -1, 100]}[kind[0]]
    values = np.array([r.choice(choice) for _ in range(r.choice([1, 1, 2, 5]))]).astype(kind)
    return values if len(values) > 1 else values[0]


def attributes(r, owner, types, is_new):
    for _ in range(r.choice([0, 1, 2, 5, 12])):
        dice = r.random()
        try:
            if dice < .4: owner.setncattr(name(r), r.choice(TEXTS))
            elif dice < .5 and is_new: owner.setncattr_string(name(r), r.choice([['a', 'b'], 'solo', ['']]))
            else: owner.setncattr(name(r), numbers(r, types))
        except Exception: pass


def user_type(r, group):
    return r.choice([
        lambda: group.createCompoundType(np.dtype([('x', 'f4'), ('y', 'i8'), ('z', 'i2', (3,))], align=True), name(r)),
        lambda: group.createVLType(r.choice(['i4', 'f8']), name(r)),
        lambda: group.createEnumType('u1', name(r), {'A': 0, 'B': 3, 'C': 200}),
    ])()


def dimensions_above(group):
    found = {}
    while group is not None:
        found = {**group.dimensions, **found}
        group = group.parent
    return found


def variable(r, file, group, types, users, is_new):
    above = dimensions_above(group)
    used = r.sample(sorted(above), min(len(above), r.randrange(4)))
    if not is_new: used.sort(key=lambda each: not above[each].isunlimited())
    kind, options = r.choice(types + (['S1', str] if is_new else ['S1']) + users), {}
    is_number = isinstance(kind, str) and kind != 'S1'
    if file.data_model.startswith('NETCDF4') and is_number:
        if used and r.random() < .4: options.update(zlib=True, shuffle=r.random() < .5, fletcher32=r.random() < .3)
        if r.random() < .2: options['endian'] = r.choice(['big', 'little'])
    if is_number and r.random() < .3: options['fill_value'] = r.choice([0, 99, False])
    label = used[0] if used and r.random() < .3 and used[0] not in group.variables else name(r)
    made = group.createVariable(label, kind, tuple(used), **options)
    attributes(r, made, types, is_new)
    if is_number and r.random() < .7:
        made[...] = np.full([2 if above[each].isunlimited() else len(above[each]) for each in used], 5, kind)


def grow(r, file):
    is_new = file.data_model == 'NETCDF4'
    types = ['i1', 'i2', 'i4', 'f4', 'f8']
    if file.data_model in ('NETCDF3_64BIT_DATA', 'NETCDF4'): types += ['u1', 'u2', 'u4', 'i8', 'u8']
    if r.random() < .3: file.set_fill_off()
    groups, users = [file], []
    for _ in range(r.randrange(5) if is_new else 0): groups.append(r.choice(groups).createGroup(name(r)))
    for _ in range(r.randrange(4) if is_new else 0):
        try: users.append(user_type(r, r.choice(groups)))
        except Exception: pass
    for group in groups:
        attributes(r, group, types, is_new)
        for _ in range(r.randrange(5)):
            try: group.createDimension(name(r), r.choice([None, 1, 2, 3, 7]) if is_new else r.choice([1, 2, 4]))
            except Exception: pass
    if not is_new and r.random() < .5: file.createDimension('unlimited', None)
    for group in groups:
        for _ in range(r.randrange(8)):
            try: variable(r, file, group, types, users, is_new)
            except Exception: pass


folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for seed in range(first, last):
    r = random.Random(seed)
    with netCDF4.Dataset(os.path.join(folder, '%05d.nc' % seed), 'w', format=r.choice(FORMATS)) as file: grow(r, file)
