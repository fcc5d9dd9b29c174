// Writes the packed DICOM dictionaries: PS3.6 from the table of pydicom, which follows the current edition, with the
// repeating groups and the ambiguous VRs of the npm package dcmjs; the VRs of private tags from both (all MIT licence;
// pydicom's private tags come from the GDCM project):
//   node scripts/generate-dicom-dictionary.mjs .../pydicom/src/pydicom
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dictionary } from 'dcmjs/dictionary';

const FOLDER = fileURLToPath(new URL('../src/formats/dicom/', import.meta.url));
const PYDICOM = process.argv[2];
const HEAD =
  '// Written by scripts/generate-dicom-dictionary.mjs from the tables of pydicom and dcmjs (both MIT). Do not edit.\n';
// The package's own marks: up = UL that points (PS3.3 F.3.2), lt = US or OW (LUT data), which we read as OW.
const VRS = { up: 'UL', lt: 'OW' };
const vr = (name) => VRS[name] ?? name;

/** What the standard leaves open, by the marks of dcmjs. */
const AMBIGUOUS = { 'US or SS': 'xs', 'OB or OW': 'ox', 'US or OW': 'OW', 'US or SS or OW': 'xs' };

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
  const rows = new Map();
  for (const [key, entry] of Object.entries(dictionary)) {
    const tag = publicTag(key);
    if (tag === undefined || entry.vr === undefined || entry.vr === 'na' || entry.version === 'PrivateTag') continue;
    const name = (entry.name ?? '').replace('RETIRED_', '');
    rows.set(tag, { vr: vr(entry.vr), name: name === 'undefined' ? '' : name });
  }
  const row = /^ {4}0x([0-9A-F]{8}): \('([^']*)', '[^']*', (?:"[^"]*"|'[^']*'), '[^']*', '(\w*)'\)/;
  for (const line of readFileSync(`${PYDICOM}/_dicom_dict.py`, 'utf8').split('\n')) {
    const [, tag, representation, name] = row.exec(line) ?? [];
    if (tag === undefined || representation === 'NONE') continue;
    const isClear = /^[A-Z]{2}$/.test(representation);
    rows.set(tag, { vr: isClear ? representation : (rows.get(tag)?.vr ?? AMBIGUOUS[representation]), name });
  }
  return [...rows].map(([tag, { vr, name }]) => `${tag}${vr}${name}`).sort();
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
  for (const line of readFileSync(`${PYDICOM}/_private_dict.py`, 'utf8').split('\n')) {
    creator = /^ {4}(['"])(.*)\1: \{/.exec(line)?.[2] ?? creator;
    const [, group, element, name] = /^ {8}'([0-9a-fA-F]{4})xx([0-9a-fA-F]{2})': \('(\w\w)'/.exec(line) ?? [];
    if (group !== undefined) add(creators, creator, group, element, vr(name));
  }
}

/** One row a creator: `creator<tab>gggg eeVR eeVR ...<tab>gggg ...`. */
function privateRows() {
  const creators = new Map();
  addPydicom(creators);
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
  HEAD,
  'Private tags, a row a creator: its name, then by group the element and VR of each.',
  'PRIVATE_DICTIONARY_TABLE',
  privateRows(),
);
