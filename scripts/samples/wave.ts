const SAMPLE_RATE_HZ = 8000;

/** A WAVE file: one second of the concert pitch A, 16 bits, mono, with its title as a tag. */
export function toneFile(): Buffer {
  const samples = Buffer.alloc(SAMPLE_RATE_HZ * 2);
  for (let i = 0; i < SAMPLE_RATE_HZ; i++) {
    samples.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * 440 * i) / SAMPLE_RATE_HZ)), i * 2);
  }
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0); // PCM
  format.writeUInt16LE(1, 2); // channels
  format.writeUInt32LE(SAMPLE_RATE_HZ, 4);
  format.writeUInt32LE(SAMPLE_RATE_HZ * 2, 8);
  format.writeUInt16LE(2, 12); // bytes per frame
  format.writeUInt16LE(16, 14); // bits per sample
  const tags = Buffer.concat([Buffer.from('INFO'), chunk('INAM', Buffer.from('Concert pitch\0'))]);
  const body = [Buffer.from('WAVE'), chunk('fmt ', format), chunk('LIST', tags), chunk('data', samples)];
  return chunk('RIFF', Buffer.concat(body));
}

function chunk(id: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
}
