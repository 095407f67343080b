import type * as vscode from "vscode";
import { boundTo, secretVerdict } from "../../core/consent/secretBinding";
import type { SourceConsent, SourceRequest } from "../../core/base/sourceConsent";
import { ImageBuilderError } from "../../core/base/errors";
import type { Secrets } from "../platform/secrets";
import { Confirmations, requestKey } from "./confirmations";
import { notConfirmed, notConfirmedYet, otherPlace } from "../../core/consent/consentFailures";

/** How many denials are kept for a second look; a build asks about a few. */
const mostDenied = 100;

/** How uses of sources are decided. */
export interface ConsentManner {
  /** Whether a person is asked; else what nobody has allowed is refused. */
  readonly asks: boolean;
  /** Whether a secret that belongs nowhere belongs where it goes now; not while a person only tries something. */
  readonly binds: boolean;
}

/** What trusted sources work with. */
export interface TrustedSourcesParts {
  readonly secrets: Pick<Secrets, "placesOf" | "bind">;
  readonly state: vscode.Memento;
  /** Asks a person; anything but `true` is a no. */
  readonly ask: (request: SourceRequest) => Promise<boolean>;
  /** Whether a file belongs to the workspace itself, so that it may name it freely. */
  readonly isOfWorkspace: (path: string) => boolean | Promise<boolean>;
  /** Called when something was allowed or revoked. */
  readonly changed?: () => void;
}

/**
 * Keeps secrets at the hosts they belong to, and has what a workspace names allowed by a person, once for each source,
 * destination and requester.
 */
export class TrustedSources {
  readonly confirmations: Confirmations;
  /** Asks, for what a person or a program has started. */
  readonly asking: SourceConsent = this.manner({ asks: true, binds: true });
  /** Asks nobody, for views that look at things by themselves. */
  readonly quiet: SourceConsent = this.manner({ asks: false, binds: false });
  /** Asks, and leaves no trace but what was allowed: for a connector that is tried before it is stored. */
  readonly trying: SourceConsent = this.manner({ asks: true, binds: false });
  /** Keeps every use as allowed, for what a person has just entered. */
  readonly allowing: SourceConsent = { confirm: (request) => this.allow(request) };
  /** One question at a time for each use. */
  readonly #asked = new Map<string, Promise<boolean>>();
  /** What was not allowed in this window, by the failure's message: a build's thread only keeps that of an error. */
  readonly #denied = new Map<string, SourceRequest>();

  constructor(private readonly parts: TrustedSourcesParts) {
    this.confirmations = new Confirmations(parts.state);
  }

  manner(manner: ConsentManner): SourceConsent {
    return { confirm: (request, signal) => this.#confirm(request, manner, signal) };
  }

  /** Keeps that a person has allowed a use, such as by typing the password for it. */
  async allow(request: SourceRequest): Promise<void> {
    if (request.requestedBy.from !== undefined) await this.confirmations.add(request);
  }

  /** Revokes what was allowed, so that it is asked again. */
  async revoke(requests: readonly SourceRequest[]): Promise<void> {
    await this.confirmations.remove(requests);
    this.parts.changed?.();
  }

  /** The use that a person did not allow, if that is why something failed. */
  deniedBy(error: unknown): SourceRequest | undefined {
    for (let each = error; each instanceof Error; each = each.cause) {
      const request = ImageBuilderError.is(each, "sourceNotConfirmed") && this.#denied.get(each.message);
      if (request) return request;
    }
    return undefined;
  }

  /** Asks again about a use that was not allowed. @returns whether it is allowed now */
  async review(request: SourceRequest): Promise<boolean> {
    try {
      await this.trying.confirm(request);
      return true;
    } catch (error) {
      // Who has just said no knows.
      if (ImageBuilderError.is(error, "sourceNotConfirmed")) return false;
      throw error;
    }
  }

  async #confirm(
    request: SourceRequest,
    { asks, binds }: ConsentManner,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    signal?.throwIfAborted();
    const { source, destination, requestedBy } = request;
    const isOwn = requestedBy.from === undefined;
    const place = source.kind === "secret" ? boundTo(destination) : undefined;
    if (source.kind === "secret" && place !== undefined) {
      const bound = await this.parts.secrets.placesOf(source);
      // Whoever reads it says that there is none.
      if (!bound) return;
      if (secretVerdict(bound, place, isOwn) === "refused") throw otherPlace(request, bound.flat());
    }
    if (!isOwn && !(await this.#isFree(request))) await this.#allowed(request, asks, signal);
    if (source.kind !== "secret" || place === undefined || !binds) return;
    if ((await this.parts.secrets.bind(source, place)) === "refused")
      throw otherPlace(request, ((await this.parts.secrets.placesOf(source)) ?? []).flat());
  }

  async #isFree({ source, requestedBy }: SourceRequest): Promise<boolean> {
    // A program may build any folder of the workspace, too.
    if (source.kind === "folder") return this.parts.isOfWorkspace(source.path);
    if (source.kind !== "file" && source.kind !== "sshKey") return false;
    return requestedBy.from !== "program" && (await this.parts.isOfWorkspace(source.path));
  }

  /** @throws ImageBuilderError `sourceNotConfirmed`; the signal's reason */
  async #allowed(request: SourceRequest, asks: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (this.confirmations.has(request)) return;
    if (!asks) throw notConfirmedYet(request);
    signal?.throwIfAborted();
    const isAllowed = await orAborted(this.#askOnce(request), signal);
    if (!isAllowed) throw this.#denial(request);
  }

  #denial(request: SourceRequest, cause?: unknown): ImageBuilderError {
    const error = notConfirmed(request, cause);
    this.#denied.delete(error.message);
    this.#denied.set(error.message, request);
    const [oldest] = this.#denied.keys();
    if (this.#denied.size > mostDenied && oldest !== undefined) this.#denied.delete(oldest);
    return error;
  }

  /** What a person answers counts, even for a build that has been cancelled meanwhile. */
  #askOnce(request: SourceRequest): Promise<boolean> {
    const key = requestKey(request);
    const asked = this.#asked.get(key) ?? this.#ask(request).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  async #ask(request: SourceRequest): Promise<boolean> {
    try {
      if (!(await this.parts.ask(request))) return false;
    } catch (error) {
      throw this.#denial(request, error);
    }
    await this.confirmations.add(request);
    this.parts.changed?.();
    return true;
  }
}

async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
    work.catch(() => undefined); // Who gave up does not hear of it.
  }
}

/** Holds the extension's `TrustedSources`. */
export interface WithTrusted {
  readonly trusted: TrustedSources;
}
