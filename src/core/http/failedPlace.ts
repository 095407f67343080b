/** Where a request failed that was first sent elsewhere. */
export interface FailedPlace {
  /** With its port. */
  readonly host: string;
  /** Whether it is the host that was asked, one that it redirected to, or a proxy in between. */
  readonly role: "asked" | "redirected" | "proxy";
}

/** The errors are Node's own and are passed on as they are: others look at their codes. */
const places = new WeakMap<object, FailedPlace>();

/** Notes where a request failed; the first note stays, since it is the nearest. */
export function failedAt(error: unknown, place: FailedPlace): unknown {
  if (typeof error === "object" && error !== null && !places.has(error)) places.set(error, place);
  return error;
}

/** Where a request failed; undefined if nobody noted it. */
export function failedPlace(error: unknown): FailedPlace | undefined {
  return typeof error === "object" && error !== null ? places.get(error) : undefined;
}
