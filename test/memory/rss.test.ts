import test from 'ava';
import { ownRssBytes } from '../../src/memory/own-rss.ts';
import { PeakRss } from '../../src/memory/peak-rss.ts';
import { MiB } from '../../src/units.ts';

function touched(bytes: number): Buffer {
  return Buffer.alloc(bytes, 1);
}

test.serial('RSS is what Node says it is', (t) => {
  const ratio = ownRssBytes() / process.memoryUsage.rss();
  t.true(ratio > 0.9 && ratio < 1.1, `${ratio}`);
});

test.serial('a peak between two looks is seen', (t) => {
  const before = ownRssBytes();
  const outer = new PeakRss(true);
  if (!outer.isExact) t.log('the mark cannot be set back here');
  t.is(touched(64 * MiB).length, 64 * MiB);
  const inner = new PeakRss(true);
  inner.note(1);
  t.true(outer.read() >= before + 60 * MiB, 'also after another watch has set the mark back');
  t.true(inner.close() >= MiB);
  t.true(outer.close() >= before + 60 * MiB);
});
