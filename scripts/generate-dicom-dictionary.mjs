// Writes the packed DICOM dictionaries: PS3.6 from the tables of the npm package dcmjs; the VRs of private tags from
// there too, and, where it is at hand, from pydicom's larger table (MIT licence; its origin is the GDCM project):
//   node scripts/generate-dicom-dictionary.mjs [.../pydicom/_private_dict.py]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dictionary } from 'dcmjs/dictionary';

const FOLDER = fileURLToPath(new URL('../src/formats/dicom/', import.meta.url));
const PRIVATE_TABLE = process.argv[2];
const HEAD = '// Written by scripts/generate-dicom-dictionary.mjs from the tables of dcmjs. Do not edit.\n';
const PRIVATE_HEAD = HEAD.replace('dcmjs', 'dcmjs and pydicom (both MIT)');
// The package's own marks: up = UL that points (PS3.3 F.3.2), lt = US or OW (LUT data), which we read as OW.
const VRS = { up: 'UL', lt: 'OW' };
const vr = (name) => VRS[name] ?? name;

/** Rows of PS3.6 that the package lacks or misprints. */
const CORRECTIONS = `
00020026URSourcePresentationAddress
00020027URSendingPresentationAddress
00020028URReceivingPresentationAddress
00020031OBRTVMetaInformationVersion
00020032UIRTVCommunicationSOPClassUID
00020033UIRTVCommunicationSOPInstanceUID
00020035OBRTVSourceIdentifier
00020036OBRTVFlowIdentifier
00020037ULRTVFlowRTPSamplingRate
00020038FDRTVFlowActualFrameDuration
00221642ULNumberOfBscansPerFrame
0040A803ULNumberOfTableColumns
00660040OLLongPrimitivePointIndexList
00660041OLLongTrianglePointIndexList
00660042OLLongEdgePointIndexList
00660043OLLongVertexPointIndexList
0070150CULNumberOfVolumetricCurvePoints
00760034SQComponentTypeCodeSequence
40101029LOThreatDetectionAlgorithmAndVersion
`
  .trim()
  .split('\n');

/** `(50xx,0005)` rows keep the x: the reader looks such groups up by their first tag. */
function publicTag(key) {
  const exact = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/.exec(key);
  if (exact) return exact[1] + exact[2];
  const group = /^\(([0-9A-F]{2})00-\1FF,([0-9A-F]{4})\)$/.exec(key);
  if (group) return `${group[1]}xx${group[2]}`;
  const element = /^\(([0-9A-F]{4}),([0-9A-F]{2})00-\2FF\)$/.exec(key);
  return element ? `${element[1]}${element[2]}xx` : undefined;
}

function publicRows() {
  const corrected = new Set(CORRECTIONS.map((row) => row.slice(0, 8)));
  const rows = [...CORRECTIONS];
  for (const [key, entry] of Object.entries(dictionary)) {
    const tag = publicTag(key);
    if (corrected.has(tag)) continue;
    if (tag === undefined || entry.vr === undefined || entry.vr === 'na' || entry.version === 'PrivateTag') continue;
    const name = (entry.name ?? '').replace('RETIRED_', '');
    rows.push(`${tag}${vr(entry.vr)}${name === 'undefined' ? '' : name}`);
  }
  return rows.sort();
}

/** Adds what is known of one element: the first source that knows it wins. */
function add(creators, creator, group, element, name) {
  if (!/^[A-Z]{2}$/.test(name) || name === 'UN') return;
  const groups = creators.get(creator) ?? creators.set(creator, new Map()).get(creator);
  const elements =
    groups.get(group.toUpperCase()) ?? groups.set(group.toUpperCase(), new Map()).get(group.toUpperCase());
  if (!elements.has(element.toUpperCase())) elements.set(element.toUpperCase(), name);
}

function addPydicom(creators) {
  let creator = '';
  for (const line of readFileSync(PRIVATE_TABLE, 'utf8').split('\n')) {
    creator = /^ {4}(['"])(.*)\1: \{/.exec(line)?.[2] ?? creator;
    const [, group, element, name] = /^ {8}'([0-9a-fA-F]{4})xx([0-9a-fA-F]{2})': \('(\w\w)'/.exec(line) ?? [];
    if (group !== undefined) add(creators, creator, group, element, vr(name));
  }
}

/** One row a creator: `creator<tab>gggg eeVR eeVR ...<tab>gggg ...`. */
function privateRows() {
  const creators = new Map();
  if (PRIVATE_TABLE !== undefined) addPydicom(creators);
  for (const [key, entry] of Object.entries(dictionary)) {
    const match = /^\(([0-9a-fA-F]{4}),"([^"]+)",(?:[0-9a-fA-F]{2})?([0-9a-fA-F]{2})\)$/.exec(key);
    if (match) add(creators, match[2], match[1], match[3], vr(entry.vr));
  }
  const cells = ([group, elements]) =>
    [group, ...[...elements].map(([element, name]) => element + name).sort()].join(' ');
  const row = ([creator, groups]) => [creator, ...[...groups].map(cells).sort()].join('\t');
  return [...creators].sort(([a], [b]) => (a < b ? -1 : 1)).map(row);
}

function write(file, head, doc, name, rows) {
  const text = rows.join('\n').replace(/[\\`$]/g, '\\$&');
  writeFileSync(`${FOLDER}${file}`, `${head}/** ${doc} */\nexport const ${name}: string = \`\\\n${text}\n\`;\n`);
  console.log(`${file}: ${rows.length} rows`);
}

write('dictionary-table.ts', HEAD, 'PS3.6, a row a tag: tag, VR, keyword.', 'DICTIONARY_TABLE', publicRows());
write(
  'private-dictionary-table.ts',
  PRIVATE_HEAD,
  'Private tags, a row a creator: its name, then by group the element and VR of each.',
  'PRIVATE_DICTIONARY_TABLE',
  privateRows(),
);
