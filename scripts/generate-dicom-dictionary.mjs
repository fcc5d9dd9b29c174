// Writes the packed DICOM dictionaries from the tables of the npm package dcmjs (PS3.6 and known private tags):
//   node scripts/generate-dicom-dictionary.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dictionary } from 'dcmjs/dictionary';

const FOLDER = fileURLToPath(new URL('../src/formats/dicom/', import.meta.url));
const HEAD = '// Written by scripts/generate-dicom-dictionary.mjs from the tables of dcmjs. Do not edit.\n';
// The package's own marks: up = UL that points (PS3.3 F.3.2), lt = US or OW (LUT data), which we read as OW.
const VRS = { up: 'UL', lt: 'OW' };
const vr = (name) => VRS[name] ?? name;

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
  const rows = [];
  for (const [key, entry] of Object.entries(dictionary)) {
    const tag = publicTag(key);
    if (tag === undefined || entry.vr === undefined || entry.vr === 'na' || entry.version === 'PrivateTag') continue;
    const name = (entry.name ?? '').replace('RETIRED_', '');
    rows.push(`${tag}${vr(entry.vr)}${name === 'undefined' ? '' : name}`);
  }
  return rows.sort();
}

/** One row a creator: `creator<tab>gggg eeVR eeVR ...<tab>gggg ...`. */
function privateRows() {
  const creators = new Map();
  for (const [key, entry] of Object.entries(dictionary)) {
    const match = /^\(([0-9a-fA-F]{4}),"([^"]+)",(?:[0-9a-fA-F]{2})?([0-9a-fA-F]{2})\)$/.exec(key);
    if (!match || !/^[A-Z]{2}$/.test(vr(entry.vr)) || entry.vr === 'UN') continue;
    const groups = creators.get(match[2]) ?? creators.set(match[2], new Map()).get(match[2]);
    const group = match[1].toUpperCase();
    (groups.get(group) ?? groups.set(group, new Set()).get(group)).add(match[3].toUpperCase() + vr(entry.vr));
  }
  const row = ([creator, groups]) =>
    [creator, ...[...groups].map(([group, elements]) => [group, ...elements].join(' '))].join('\t');
  return [...creators].sort(([a], [b]) => (a < b ? -1 : 1)).map(row);
}

function write(file, doc, name, rows) {
  const text = rows.join('\n').replace(/[\\`$]/g, '\\$&');
  writeFileSync(`${FOLDER}${file}`, `${HEAD}/** ${doc} */\nexport const ${name}: string = \`\\\n${text}\n\`;\n`);
  console.log(`${file}: ${rows.length} rows`);
}

write('dictionary-table.ts', 'PS3.6, a row a tag: tag, VR, keyword.', 'DICTIONARY_TABLE', publicRows());
write(
  'private-dictionary-table.ts',
  'Private tags, a row a creator: its name, then by group the element and VR of each.',
  'PRIVATE_DICTIONARY_TABLE',
  privateRows(),
);
