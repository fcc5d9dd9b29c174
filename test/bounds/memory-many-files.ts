// Runs in a child process: many files, one after another. Prints how the heap went after collections.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { drain } from '../../src/flow/drain.ts';
import { extract } from '../../src/sources/extract.ts';

const [list = '[]', count = '2000'] = process.argv.slice(2);
const paths = JSON.parse(list) as string[];
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

let records = 0;
async function read(files: number): Promise<void> {
  for (let index = 0; index < files; index++) {
    records += (await drain(extract(paths[index % paths.length]!), () => {})).items;
  }
}

async function floorBytes(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    collect();
  }
  return process.memoryUsage().heapUsed;
}

// What is compiled and cached on the first files is no leak.
await read(Number(count) / 4);
const before = await floorBytes();
await read(Number(count));
const bytesPerFile = ((await floorBytes()) - before) / Number(count);
console.log(JSON.stringify({ records, bytesPerFile }));
