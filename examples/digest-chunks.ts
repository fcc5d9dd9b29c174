/** Which parts of a file are compressed or encrypted, which are empty? The entropy of each 64 KiB, and a digest. */
import { drain, fromBinary, KiB } from 'tidegate';

const [path = 'disk.img'] = process.argv.slice(2);

await drain(fromBinary(path, { sampleBytes: 64 * KiB, digests: ['sha256'] }), (record) => {
  if (record.kind === 'field') console.log(`${record.name} ${record.value}`);
  if (record.kind !== 'sample') return;
  const { entropy } = record.value as { entropy: number };
  console.log(`${String(record.offset).padStart(12)} ${'#'.repeat(Math.round(entropy * 5))} ${entropy.toFixed(2)}`);
});
