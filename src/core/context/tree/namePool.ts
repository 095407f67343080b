/** Stores each distinct name once, so a million paths don't store a million `index.js`. */
export class NamePool {
  readonly names: string[] = [];
  readonly #ids = new Map<string, number>();

  /** Returns the number of a name, which is the same each time. */
  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const own = detached(name);
    const id = this.names.push(own) - 1;
    this.#ids.set(own, id);
    return id;
  }
}

/** Copies a text: a substring keeps the whole original text in memory. */
function detached(text: string): string {
  const copy = Buffer.from(text).toString();
  // A copy doesn't preserve a lone surrogate.
  return copy === text ? copy : text;
}
