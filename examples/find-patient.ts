/** Which files of a folder are of this patient? Eight headers at a time, nothing of the images. */
import { filter } from 'rxjs';
import { drain, extractAll, unbatch } from 'tidegate';

const [folder = 'scans', name = 'Doe'] = process.argv.slice(2);

const headers = extractAll(folder, { format: 'dicom', dicom: { tags: ['PatientName'] }, concurrency: 8 });
const ofPatient = headers.pipe(
  unbatch(),
  filter((record) => record.kind === 'field'),
  filter((field) => field.name === 'PatientName' && String(field.value).includes(name)),
);
await drain(ofPatient, (field) => console.log(field.file));
