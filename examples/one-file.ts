/** What is in this file? Every value with its name, whatever the format. */
import { drain, extract } from 'tidegate';

const [path = 'scan.dcm'] = process.argv.slice(2);

await drain(extract(path), (record) => {
  if (record.kind === 'field') console.log(`${record.path} ${record.name} = ${JSON.stringify(record.value)}`);
  if (record.kind === 'issue') console.log(`${record.severity}: ${record.message}`);
  if (record.kind === 'end') console.log(`${record.status}, ${record.records} records`);
});
