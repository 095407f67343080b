/** State of a listing. */
export type ListingState =
  { readonly kind: "idle" | "loading" | "done" } | { readonly kind: "failed"; readonly error: unknown };

/** Dependencies of a listing. */
export interface ListingParts<Row> {
  /** Yields all rows so far, whenever there are more. */
  readonly load: (signal: AbortSignal) => AsyncIterable<readonly Row[]>;
  /** Returns the text that the filter applies to. */
  readonly textOf: (row: Row) => string;
  /** Called when the rows or their state have changed. */
  readonly changed: () => void;
}

/** Number of rows shown at first, and added on request. VS Code takes seconds to draw many more. */
const step = 200;

/**
 * Child rows of a tree row. They are loaded when they are first shown, without blocking anything, and loading can be
 * canceled.
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

  /** All rows that have been loaded, including hidden ones. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  get filter(): string {
    return this.#filter;
  }

  /** Rows that match the filter. */
  get fitting(): readonly Row[] {
    const wanted = this.#filter.toLowerCase();
    return wanted === ""
      ? this.#rows
      : this.#rows.filter((row) => this.parts.textOf(row).toLowerCase().includes(wanted));
  }

  /** Maximum number of matching rows that are shown. */
  get limit(): number {
    return this.#limit;
  }

  /** Starts loading, unless it has been started and was not canceled. */
  start(): void {
    if (this.#state.kind !== "idle") return;
    this.#state = { kind: "loading" };
    this.#loading = new AbortController();
    void this.#load(this.#loading.signal);
  }

  /** Stops loading. The rows so far are kept until they are loaded again. */
  cancel(): void {
    if (this.#state.kind !== "loading") return;
    this.#state = { kind: "idle" };
    this.#loading.abort();
    this.parts.changed();
  }

  /** Drops the rows, so that they are loaded again when they are shown. */
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
    // A canceled request may end much later, and must not overwrite newer rows.
    if (signal.aborted) return;
    this.#state = state;
    this.parts.changed();
  }
}
