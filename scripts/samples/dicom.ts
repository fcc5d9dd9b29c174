/** An element of a data set: a string, bytes, or the items of a sequence. */
export type DicomElement = readonly [
  tag: number,
  vr: string,
  value: string | Buffer | readonly (readonly DicomElement[])[],
];

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
/** PS3.5 7.1.2: these have two reserved bytes and a 4-byte length. */
const LONG_VRS = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'SQ', 'UN', 'UT', 'UC', 'UR', 'SV', 'UV']);

/** A DICOM file (PS3.10) in Explicit VR Little Endian: preamble, `DICM`, meta group, data set. */
export function dicomFile(elements: readonly DicomElement[], instanceUid: string): Buffer {
  const meta = dataSet([
    [0x00020001, 'OB', Buffer.from([0, 1])],
    [0x00020002, 'UI', CT_IMAGE_STORAGE],
    [0x00020003, 'UI', instanceUid],
    [0x00020010, 'UI', EXPLICIT_LITTLE_ENDIAN],
    [0x00020012, 'UI', '2.25.1'],
  ]);
  const groupLength = element([0x00020000, 'UL', uint32(meta.length)]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), groupLength, meta, dataSet(elements)]);
}

/** One slice of a made-up CT series of nobody: a disc whose brightness grows from slice to slice. */
export function ctSlice(index: number): Buffer {
  const instanceUid = `2.25.1000.${index}`;
  return dicomFile(
    [
      [0x00080005, 'CS', 'ISO_IR 192'],
      [0x00080016, 'UI', CT_IMAGE_STORAGE],
      [0x00080018, 'UI', instanceUid],
      [0x00080020, 'DA', '20240229'],
      [0x00080060, 'CS', 'CT'],
      [0x00080070, 'LO', 'tidegate samples'],
      [0x00081140, 'SQ', [[[0x00081155, 'UI', '2.25.999']], [[0x00081155, 'UI', '2.25.998']]]],
      [0x00100010, 'PN', 'Ångström^Ada'],
      [0x00100020, 'LO', 'SAMPLE-1'],
      [0x00180050, 'DS', '2.5'],
      [0x0020000d, 'UI', '2.25.10'],
      [0x0020000e, 'UI', '2.25.100'],
      [0x00200013, 'IS', String(index)],
      [0x00200032, 'DS', `-160\\-160\\${index * 2.5}`],
      [0x00280002, 'US', uint16(1)],
      [0x00280004, 'CS', 'MONOCHROME2'],
      [0x00280010, 'US', uint16(SIDE)],
      [0x00280011, 'US', uint16(SIDE)],
      [0x00280030, 'DS', '0.625\\0.625'],
      [0x00280100, 'US', uint16(16)],
      [0x00280101, 'US', uint16(12)],
      [0x00280102, 'US', uint16(11)],
      [0x00280103, 'US', uint16(0)],
      [0x7fe00010, 'OW', disc(index)],
    ],
    instanceUid,
  );
}

const SIDE = 64;

function disc(index: number): Buffer {
  const pixels = Buffer.alloc(SIDE * SIDE * 2);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const isInside = (x - SIDE / 2) ** 2 + (y - SIDE / 2) ** 2 < (SIDE / 3) ** 2;
      pixels.writeUInt16LE(isInside ? 1000 + 100 * index : 0, (y * SIDE + x) * 2);
    }
  }
  return pixels;
}

function dataSet(elements: readonly DicomElement[]): Buffer {
  return Buffer.concat(elements.map(element));
}

function element([tag, vr, value]: DicomElement): Buffer {
  const bytes = typeof value === 'string' ? text(value, vr) : Buffer.isBuffer(value) ? value : items(value);
  const head = Buffer.alloc(LONG_VRS.has(vr) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, 'latin1');
  if (LONG_VRS.has(vr)) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

/** PS3.5 7.5: each item has a tag and a length of its own. */
function items(values: readonly (readonly DicomElement[])[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const bytes = dataSet(value);
      return Buffer.concat([Buffer.from([0xfe, 0xff, 0x00, 0xe0]), uint32(bytes.length), bytes]);
    }),
  );
}

/** PS3.5 6.2: values have an even length; UIDs are padded with NUL, text with a space. */
function text(value: string, vr: string): Buffer {
  const bytes = Buffer.from(value);
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
