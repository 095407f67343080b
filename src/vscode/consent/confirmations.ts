import type { Memento } from "vscode";
import type { SourceRequest } from "../../core/base/sourceConsent";
import { keptAddress } from "../../core/base/contextSource";
import { isRecord } from "../../core/base/isRecord";

const key = "confirmedSources";

/** Use of a source that the person has allowed. */
export interface Confirmation {
  readonly request: SourceRequest;
  /** Time of the answer in milliseconds since 1970. */
  readonly at: number;
}

/**
 * Uses that the person has allowed in this workspace. They are stored where the workspace's settings and files can't
 * change them.
 */
export class Confirmations {
  /** Confirmations of addresses with a login, which is stored nowhere: valid until the window closes. */
  #unsaved: readonly Confirmation[] = [];

  constructor(private readonly state: Memento) {}

  /** Valid stored entries, newest first. */
  get list(): readonly Confirmation[] {
    return [...this.#saved, ...this.#unsaved].sort((one, other) => other.at - one.at);
  }

  get #saved(): readonly Confirmation[] {
    const stored = this.state.get<unknown>(key);
    return Array.isArray(stored) ? stored.filter(isConfirmation) : [];
  }

  has(request: SourceRequest): boolean {
    const wanted = requestKey(request);
    return this.list.some((each) => requestKey(each.request) === wanted);
  }

  /**
   * Returns the part of a request that the person has not allowed; undefined if there is none. Of several files, only
   * those that are new are left.
   */
  remaining(request: SourceRequest): SourceRequest | undefined {
    const { source } = request;
    if (source.kind !== "outsideFiles" && source.kind !== "outsideNames")
      return this.has(request) ? undefined : request;
    const key = requestKey(withoutPaths(request));
    // An image that may be pushed with these files may be built with them, too.
    const known = this.list.flatMap(({ request: each }) =>
      "paths" in each.source && Array.isArray(each.source.paths) && keysOf(each).includes(key) ? each.source.paths : [],
    );
    const paths = source.paths.filter((path) => !known.includes(path));
    return paths.length === 0 ? undefined : { ...request, source: { ...source, paths } };
  }

  async add(request: SourceRequest): Promise<void> {
    if (this.has(request)) return;
    const confirmation: Confirmation = { request, at: Date.now() };
    if (hasLogin(request)) this.#unsaved = [...this.#unsaved, confirmation];
    else await this.state.update(key, [...this.#saved, confirmation]);
  }

  async remove(requests: readonly SourceRequest[]): Promise<void> {
    const gone = new Set(requests.map(requestKey));
    const isLeft = ({ request }: Confirmation): boolean => !gone.has(requestKey(request));
    this.#unsaved = this.#unsaved.filter(isLeft);
    const left = this.#saved.filter(isLeft);
    await this.state.update(key, left.length > 0 ? left : undefined);
  }
}

/** Returns a key that is the same for equal requests, regardless of the order of their properties. */
export function requestKey({ source, destination, requestedBy }: SourceRequest): string {
  return JSON.stringify([source, destination, requestedBy], (_name, value: unknown) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

function withoutPaths(request: SourceRequest): SourceRequest {
  const { kind } = request.source;
  return kind === "outsideFiles" || kind === "outsideNames" ? { ...request, source: { kind, paths: [] } } : request;
}

/** Returns the keys of all requests that a confirmation of files applies to. */
function keysOf(request: SourceRequest): string[] {
  const { destination } = request;
  const whole = withoutPaths(request);
  if (destination.kind !== "builtImage" || destination.registry === undefined) return [requestKey(whole)];
  const { kind, name, address } = destination;
  return [whole, { ...whole, destination: { kind, name, address } }].map(requestKey);
}

function hasLogin({ source, destination }: SourceRequest): boolean {
  const texts = [
    ...(source.kind === "remoteContext" ? [source.address] : []),
    ...("address" in destination ? [destination.address] : []),
    ...(destination.kind === "flavor" ? [destination.configuration, ...destination.addresses] : []),
  ];
  // A user name without a password, as SSH has it, is no secret.
  return texts.some((text) => keptAddress(text) !== text && !/^ssh:\/\/[^:@/]*@/.test(text));
}

function isConfirmation(value: unknown): value is Confirmation {
  if (!isRecord(value) || typeof value["at"] !== "number" || !isRecord(value["request"])) return false;
  const { source, destination, requestedBy } = value["request"];
  return [source, destination, requestedBy].every((part) => isRecord(part) && typeof part["kind"] === "string");
}
