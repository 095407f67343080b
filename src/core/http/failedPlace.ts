/** Place at which a request failed, which may be another one than the first. */
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

/** Returns the place at which a request failed; undefined if unknown. */
export function failedPlace(error: unknown): FailedPlace | undefined {
  return typeof error === "object" && error !== null ? places.get(error) : undefined;
}
