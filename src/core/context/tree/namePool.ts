/** Keeps each distinct name once, so that a million paths do not keep a million `index.js`. */
export class NamePool {
  readonly names: string[] = [];
  readonly #ids = new Map<string, number>();

  /** The same number for the same name. */
  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const own = detached(name);
    const id = this.names.push(own) - 1;
    this.#ids.set(own, id);
    return id;
  }
}

/** A part of a text keeps the whole text in memory; a copy does not. */
function detached(text: string): string {
  const copy = Buffer.from(text).toString();
  // A lone surrogate does not survive.
  return copy === text ? copy : text;
}
