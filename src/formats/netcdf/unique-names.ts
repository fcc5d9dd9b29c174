/** Up to so many names a list is searched faster than a map is made. */
const FEW = 16;

/** More names than this are not held any more: then the paths of a broken file may meet. */
const MAX_NAMES = 200_000;

/** Names that a file may, against its standard, give twice: the second `a` becomes `a[1]`, so that paths differ. */
export class UniqueNames {
  #few: string[] = [];
  #counts: Map<string, number> | undefined;

  /** The name, or the name with a number that nothing before it had. */
  claim(name: string): string {
    if (this.#counts === undefined && this.#few.length < FEW && !this.#few.includes(name)) {
      this.#few.push(name);
      return name;
    }
    const counts = (this.#counts ??= new Map(this.#few.map((one) => [one, 1])));
    const count = counts.get(name);
    if (count === undefined && counts.size >= MAX_NAMES) return name;
    counts.set(name, (count ?? 0) + 1);
    return count === undefined ? name : this.claim(`${name}[${count}]`);
  }
}
