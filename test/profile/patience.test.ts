import test from 'ava';
import { Patience } from '../../src/profile/patience.ts';

function looksUntilInVain(patience: Patience, rssAt: (look: number) => number): number {
  for (let look = 1; look <= 1000; look++) if (patience.look(rssAt(look))) return look;
  return Number.POSITIVE_INFINITY;
}

test('waiting is in vain when RSS has not fallen for 50 looks', (t) => {
  t.is(
    looksUntilInVain(new Patience(), () => 1000),
    51,
  );
  t.is(
    looksUntilInVain(new Patience(), (look) => 1000 + (look % 7)),
    51,
  );
});

test('while RSS falls it is not', (t) => {
  t.is(
    looksUntilInVain(new Patience(), (look) => 1e6 * 0.98 ** look),
    Number.POSITIVE_INFINITY,
  );
  t.is(
    looksUntilInVain(new Patience(), (look) => (look < 40 ? 1000 : 900)),
    90,
  );
});

test('what has grown by a quarter since is worth another wait, and so is what comes after enough', (t) => {
  const patience = new Patience();
  t.false(patience.isOutAt(1000));
  looksUntilInVain(patience, () => 1000);
  t.deepEqual([patience.isOutAt(1000), patience.isOutAt(1250), patience.isOutAt(1251)], [true, true, false]);
  t.is(
    looksUntilInVain(patience, () => 1300),
    51,
  );
  t.true(patience.isOutAt(1600));
  patience.renew();
  t.false(patience.isOutAt(1000));
});
