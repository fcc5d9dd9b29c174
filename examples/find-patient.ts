/** Which files of a folder are of this patient? Eight headers at a time, nothing of the images. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filter } from 'rxjs';
import { drain, from, fromDicom, mergeMap } from 'tidegate';

const [folder = 'scans', name = 'Doe'] = process.argv.slice(2);

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

const ofPatient = from(files).pipe(
  mergeMap((file) => fromDicom(file, { tags: ['PatientName'] }), 8),
  filter((record) => record.kind === 'field'),
  filter((field) => field.name === 'PatientName' && String(field.value).includes(name)),
);
await drain(ofPatient, (field) => console.log(field.file));
