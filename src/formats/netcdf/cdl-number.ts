/**
 * A number as C's `printf("%#.{digits}g")` writes it, trailing zeros cut off: the way of `ncdump`. The point stays.
 */
export function cdlReal(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.' : '0.';
  const [mantissa, exponentText] = roundToEven(Math.abs(value), digits).split('e') as [string, string];
  const exponent = Number(exponentText);
  const significant = mantissa.replace('.', '');
  const sign = value < 0 ? '-' : '';
  if (exponent < -4 || exponent >= digits) {
    const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
    return `${sign}${significant[0]}.${trimZeros(significant.slice(1))}e${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${trimZeros(significant)}`;
  return `${sign}${significant.slice(0, exponent + 1)}.${trimZeros(significant.slice(exponent + 1))}`;
}

function trimZeros(decimals: string): string {
  return decimals.replace(/0+$/, '');
}

/** `toExponential`, but a tie goes to the even digit, as in C; JavaScript takes the larger number. */
function roundToEven(value: number, digits: number): string {
  const rounded = value.toExponential(digits - 1);
  if (!value.toExponential(digits).split('e')[0]!.endsWith('5')) return rounded;
  const [mantissa, exponent] = value.toExponential(100).split('e') as [string, string];
  const exact = mantissa.replace('.', '');
  const isTie = /^50*$/.test(exact.slice(digits));
  const isEven = Number(exact[digits - 1]) % 2 === 0;
  return isTie && isEven ? `${exact[0]}.${exact.slice(1, digits)}e${exponent}` : rounded;
}
