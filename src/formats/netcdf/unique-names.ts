/** Names that a file may, against its standard, give twice: the second `a` becomes `a[1]`, so that paths differ. */
export class UniqueNames {
  readonly #seen = new Map<string, number>();

  /** The name, or the name with a number that nothing before it had. */
  claim(name: string): string {
    const count = this.#seen.get(name);
    this.#seen.set(name, (count ?? 0) + 1);
    return count === undefined ? name : this.claim(`${name}[${count}]`);
  }
}
