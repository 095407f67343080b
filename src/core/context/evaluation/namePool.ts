/** Keeps each distinct name once, so that a million paths do not keep a million `index.js`. */
export class NamePool {
  readonly names: string[] = [];
  readonly #ids = new Map<string, number>();

  /** The same number for the same name. */
  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.names.push(name) - 1;
    this.#ids.set(name, id);
    return id;
  }
}
