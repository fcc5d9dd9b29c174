"""Writes random DICOM files, SEED.dcm for each seed of a range: python3 dicom.py FOLDER FIRST LAST"""
import os, random, sys, warnings
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

warnings.simplefilter('ignore')
SYNTAXES = [ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
LETTERS = {None: [], 'ISO_IR 100': ['Ångström', 'ñandú'], 'ISO_IR 192': ['日本語', 'Ω≈ç'], 'ISO_IR 144': ['Привет'],
           ('', 'ISO 2022 IR 87'): ['山田']}
TEXTS = ['abc', '', 'x y', 'A' * 40, 'multi\\val\\three', ' lead', 'trail ']
NUMBERS = {
    'DS': ['1.5', '-2', '1e5', '0.000001', ' 3 '], 'IS': ['1', '-200', '+7'], 'US': [0, 65535], 'SS': [-32768, 7],
    'UL': [0, 2**32 - 1], 'SL': [-2**31, 5], 'FL': [1.5, -0.25, 1e10], 'FD': [1.1, -2e300], 'SV': [-2**63, 5],
    'UV': [2**64 - 1, 7], 'AT': [0x00080018, 0x7fe00010],
}
FIXED = {
    'DA': ['20200101', ''], 'TM': ['101010.123', '10', ''], 'DT': ['20200101101010.000000+0100', '2020'], 'CS': ['ORIGINAL', 'A_B'],
    'UI': ['1.2.3', '1.2.840.10008.1.2', ['1.2.3', '1.2.4']], 'AE': ['STORE1'], 'AS': ['045Y'], 'UR': ['http://a/b'],
    'PN': ['Doe^John', 'A^B^C^D^E', ''],
}
BYTES = {'OB': 1, 'OW': 2, 'UN': 1, 'OF': 4, 'OL': 4, 'OD': 8, 'OV': 8}
TAGS = {}
for tag, entry in DicomDictionary.items():
    # The same name in every edition of the standard, and no group that says how others are read
    if 0x0008 <= tag >> 16 < 0x7fe0 and tag != 0x00080005 and entry[4]: TAGS.setdefault(entry[0], []).append(tag)


def value(r, vr, letters):
    if vr in NUMBERS:
        values = [r.choice(NUMBERS[vr]) for _ in range(r.choice([1, 1, 2, 3]))]
        return values if len(values) > 1 else values[0]
    if vr in BYTES: return bytes(r.randrange(256) for _ in range(8 * r.choice([0, 1, 8, 33])))
    return r.choice(FIXED.get(vr) or TEXTS + letters)


def fill(r, data, letters, depth):
    for _ in range(r.choice([0, 2, 5, 20])):
        vr = r.choice(sorted([*NUMBERS, *FIXED, *BYTES, 'LO', 'LT', 'SH', 'ST', 'UC', 'UT']))
        if r.random() < .15:
            group = r.choice([0x0009, 0x0019, 0x0041])
            data.add_new((group, 0x10), 'LO', 'PRIVATE %d' % group)
            data.add_new((group, 0x1000 + r.randrange(256)), vr, value(r, vr, letters))
        elif vr in TAGS: data.add_new(r.choice(TAGS[vr]), vr, value(r, vr, letters))
    for _ in range(r.choice([0, 0, 1, 2]) if depth < 4 else 0):
        items = []
        for _ in range(r.choice([0, 1, 3])):
            items.append(Dataset())
            fill(r, items[-1], letters, depth + 1)
            items[-1].is_undefined_length_sequence_item = r.random() < .5
        tag = r.choice(TAGS['SQ'])
        data.add_new(tag, 'SQ', Sequence(items))
        data[tag].is_undefined_length = r.random() < .5


folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for seed in range(first, last):
    r, meta, path = random.Random(seed), FileMetaDataset(), os.path.join(folder, '%05d.dcm' % seed)
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = '1.2.840.10008.5.1.4.1.1.2', '1.2.3.%d' % seed
    meta.TransferSyntaxUID = r.choice(SYNTAXES)
    data = FileDataset(path, {}, file_meta=meta, preamble=b'\0' * 128)
    data.is_little_endian = meta.TransferSyntaxUID != ExplicitVRBigEndian
    data.is_implicit_VR = meta.TransferSyntaxUID == ImplicitVRLittleEndian
    character_set = r.choice(list(LETTERS))
    if character_set: data.SpecificCharacterSet = list(character_set) if isinstance(character_set, tuple) else character_set
    fill(r, data, LETTERS[character_set], 0)
    data.save_as(path, write_like_original=False)
