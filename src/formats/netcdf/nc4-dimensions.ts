import type { Nc4Dimension, Nc4Group, Nc4Variable } from './nc4-model.ts';
import type { Nc4Scan } from './nc4-scan.ts';

/** Gives every variable of a scanned file its dimensions, as the reference library does, and dimensions their lengths. */
export function matchDimensions(scan: Nc4Scan): void {
  const groups = childrenFirst(scan.root);
  const byId = new Map<number, Nc4Dimension>();
  for (const group of groups) for (const dimension of group.dimensions) byId.set(dimension.id, dimension);
  for (const group of groups) {
    const bySize = new DimensionsBySize(scan, group);
    for (const variable of group.variables) matchVariable(scan, group, variable, byId, bySize);
  }
  measureUnlimited(groups);
  for (const group of groups) group.dimensions.sort((one, other) => one.id - other.id);
}

/** All groups, those within a group before it, in its order. */
export function childrenFirst(root: Nc4Group): Nc4Group[] {
  const found: Nc4Group[] = [];
  const waiting = [root];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    found.push(group);
    for (const child of group.groups) waiting.push(child);
  }
  return found.reverse();
}

function matchVariable(
  scan: Nc4Scan,
  group: Nc4Group,
  variable: Nc4Variable,
  byId: ReadonlyMap<number, Nc4Dimension>,
  bySize: DimensionsBySize,
): void {
  const { dimensions, dimensionIds, scaleAddresses, isScale, shape } = variable;
  const hasScales = scaleAddresses?.[0] !== undefined;
  for (let axis = 0; axis < shape.length; axis++) {
    if (dimensions[axis] !== undefined) continue;
    if (dimensionIds !== undefined) dimensions[axis] = byId.get(dimensionIds[axis]!);
    else if (hasScales && !isScale) dimensions[axis] = attachedScale(scan, group, scaleAddresses[axis]);
    dimensions[axis] ??= bySize.take(variable, axis);
  }
}

/** A dimension can be used in its own group and in those within it. */
function attachedScale(scan: Nc4Scan, group: Nc4Group, address: number | undefined): Nc4Dimension | undefined {
  const found = address === undefined ? undefined : scan.scales.get(address);
  for (let at: Nc4Group | undefined = group; at !== undefined && found !== undefined; at = at.parent) {
    if (found.group === at) return found;
  }
  return undefined;
}

/** The dimensions of a group, for data that name none: found by their length, or else made up. */
class DimensionsBySize {
  readonly #scan: Nc4Scan;
  readonly #group: Nc4Group;
  readonly #found = new Map<string, Nc4Dimension[]>();

  constructor(scan: Nc4Scan, group: Nc4Group) {
    this.#scan = scan;
    this.#group = group;
    for (const dimension of group.dimensions) this.#add(dimension);
  }

  /** One of the right length that no other axis of the variable has. */
  take(variable: Nc4Variable, axis: number): Nc4Dimension {
    const lengthCount = variable.shape[axis]!;
    const isUnlimited = variable.maxShape?.[axis] === null;
    const candidates = this.#found.get(`${lengthCount} ${isUnlimited}`) ?? [];
    const free = candidates.find((dimension) => !variable.dimensions.includes(dimension));
    if (free !== undefined) return free;
    const id = this.#scan.nextDimensionId++;
    const dimension: Nc4Dimension = { name: `phony_dim_${id}`, id, group: this.#group, lengthCount, isUnlimited };
    this.#group.dimensions.push(dimension);
    this.#add(dimension);
    return dimension;
  }

  #add(dimension: Nc4Dimension): void {
    const key = `${dimension.lengthCount} ${dimension.isUnlimited}`;
    const known = this.#found.get(key);
    if (known === undefined) this.#found.set(key, [dimension]);
    else known.push(dimension);
  }
}

/** An unlimited dimension is as long as the longest variable that has it. */
function measureUnlimited(groups: readonly Nc4Group[]): void {
  const lengths = new Map<Nc4Dimension, number>();
  for (const { variables } of groups) {
    for (const { dimensions, shape } of variables) {
      dimensions.forEach((dimension, axis) => {
        if (dimension?.isUnlimited) lengths.set(dimension, Math.max(lengths.get(dimension) ?? 0, shape[axis]!));
      });
    }
  }
  for (const { dimensions } of groups) {
    for (const dimension of dimensions) if (dimension.isUnlimited) dimension.lengthCount = lengths.get(dimension) ?? 0;
  }
}
