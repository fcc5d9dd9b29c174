const clamp = (value: number, least: number, most: number): number => Math.max(Math.min(value, most), least);

/**
 * Smooths the blocks that lossy HCOMPRESS_1 leaves (SMOOTH of FITS 4.0 section 10.4.4): coefficients move towards what
 * their neighbours' means suggest, by at most half the scale, and never so far that a slope would change its sign.
 */
export function smoothCoefficients(
  a: Float64Array,
  height: number,
  width: number,
  stride: number,
  scale: number,
): void {
  const most = Math.floor(scale / 2);
  if (most <= 0) return;
  for (let y = 2; y < height - 2; y += 2)
    for (let x = 0; x < width; x += 2) smoothSlope(a, y * stride + x, 2 * stride, stride, most);
  for (let y = 0; y < height; y += 2) for (let x = 2; x < width - 2; x += 2) smoothSlope(a, y * stride + x, 2, 1, most);
  for (let y = 2; y < height - 2; y += 2)
    for (let x = 2; x < width - 2; x += 2) smoothCurve(a, y * stride + x, stride, most);
}

/** The difference `step` behind `at`, from the means one block before and behind. */
function smoothSlope(a: Float64Array, at: number, block: number, step: number, most: number): void {
  const [before, here, behind] = [a[at - block]!, a[at]!, a[at + block]!];
  const up = behind - here;
  const down = here - before;
  const greatest = Math.max(Math.min(up, down), 0) * 4;
  const least = Math.min(Math.max(up, down), 0) * 4;
  if (least >= greatest) return;
  const wanted = clamp(behind - before, least, greatest);
  a[at + step]! += clamp(Math.trunc((wanted - a[at + step]! * 8) / 8), -most, most);
}

/** The mixed difference, from the means of the four blocks at the corners. */
function smoothCurve(a: Float64Array, at: number, stride: number, most: number): void {
  const here = a[at]!;
  const mm = a[at - 2 * stride - 2]!;
  const pm = a[at + 2 * stride - 2]!;
  const mp = a[at - 2 * stride + 2]!;
  const pp = a[at + 2 * stride + 2]!;
  const down = a[at + stride]! * 2;
  const across = a[at + 1]! * 2;
  const bound = (limit: (x: number, y: number) => number, outer: (x: number, y: number) => number): number =>
    outer(
      outer(limit(pp - here, 0) - down - across, limit(here - pm, 0) + down - across),
      outer(limit(here - mp, 0) - down + across, limit(mm - here, 0) + down + across),
    ) * 16;
  const greatest = bound(Math.max, Math.min);
  const least = bound(Math.min, Math.max);
  if (least >= greatest) return;
  const mixed = at + stride + 1;
  const wanted = clamp(pp + mm - mp - pm, least, greatest);
  a[mixed]! += clamp(Math.trunc((wanted - a[mixed]! * 64) / 64), -most, most);
}
