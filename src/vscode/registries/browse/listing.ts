/** How far a list has come. */
export type ListingState =
  { readonly kind: "idle" | "loading" | "done" } | { readonly kind: "failed"; readonly error: unknown };

/** What a list is made of. */
export interface ListingParts<Row> {
  /** Yields all rows so far, each time there are more of them. */
  readonly load: (signal: AbortSignal) => AsyncIterable<readonly Row[]>;
  /** What a filter looks at. */
  readonly textOf: (row: Row) => string;
  /** Called when something else is to be shown. */
  readonly changed: () => void;
}

/** So many rows are shown at once: more take VS Code seconds to draw, and nobody reads them. */
const step = 200;

/**
 * The rows below a row of a tree, loaded when they are first wanted: nothing waits for them, and who does not want them
 * any more cancels.
 */
export class Listing<Row> {
  #state: ListingState = { kind: "idle" };
  #rows: readonly Row[] = [];
  #filter = "";
  #limit = step;
  #loading = new AbortController();

  constructor(private readonly parts: ListingParts<Row>) {}

  get state(): ListingState {
    return this.#state;
  }

  /** All rows that are known, whether they are shown or not. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  get filter(): string {
    return this.#filter;
  }

  /** The rows that the filter lets through. */
  get fitting(): readonly Row[] {
    const wanted = this.#filter.toLowerCase();
    return wanted === ""
      ? this.#rows
      : this.#rows.filter((row) => this.parts.textOf(row).toLowerCase().includes(wanted));
  }

  /** How many of the fitting rows are shown. */
  get limit(): number {
    return this.#limit;
  }

  /** Loads what was not loaded yet, or was cancelled. */
  start(): void {
    if (this.#state.kind !== "idle") return;
    this.#state = { kind: "loading" };
    this.#loading = new AbortController();
    void this.#load(this.#loading.signal);
  }

  /** Stops loading; what has come so far stays until it is loaded anew. */
  cancel(): void {
    if (this.#state.kind !== "loading") return;
    this.#state = { kind: "idle" };
    this.#loading.abort();
    this.parts.changed();
  }

  /** Forgets the rows, so that they are loaded anew when they are shown. */
  forget(): void {
    this.#loading.abort();
    this.#rows = [];
    this.#limit = step;
    this.#state = { kind: "idle" };
    this.parts.changed();
  }

  showMore(): void {
    this.#limit += step;
    this.parts.changed();
  }

  setFilter(filter: string): void {
    if (filter === this.#filter) return;
    this.#filter = filter;
    this.#limit = step;
    this.parts.changed();
  }

  async #load(signal: AbortSignal): Promise<void> {
    let state: ListingState = { kind: "done" };
    try {
      for await (const rows of this.parts.load(signal)) {
        if (signal.aborted) return;
        this.#rows = rows;
        this.parts.changed();
      }
    } catch (error) {
      state = { kind: "failed", error };
    }
    // What hangs may end long after it was cancelled, and must not overwrite what was loaded since.
    if (signal.aborted) return;
    this.#state = state;
    this.parts.changed();
  }
}
