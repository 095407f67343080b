import type * as vscode from "vscode";
import { boundTo, secretVerdict } from "../../core/consent/secretBinding";
import type { SourceConsent, SourceRequest } from "../../core/base/sourceConsent";
import { ImageBuilderError } from "../../core/base/errors";
import type { Secrets } from "../platform/secrets";
import { Confirmations, requestKey } from "./confirmations";
import { notConfirmed, notConfirmedYet, otherPlace } from "../../core/consent/consentFailures";

/** Maximum number of denials kept for review; a build asks about a few. */
const mostDenied = 100;

/** Rules by which uses of sources are decided. */
export interface ConsentManner {
  /** Whether the person is asked. If not, a use that has not been allowed is refused. */
  readonly asks: boolean;
  /** Whether a secret without a destination is bound to this one; false while something is only being tested. */
  readonly binds: boolean;
}

/** Dependencies of `TrustedSources`. */
export interface TrustedSourcesParts {
  readonly secrets: Pick<Secrets, "placesOf" | "bind">;
  readonly state: vscode.Memento;
  /** Asks the person; any result other than `true` is a refusal. */
  readonly ask: (request: SourceRequest) => Promise<boolean>;
  /** Whether a file belongs to the workspace, which may use its own files without asking. */
  readonly isOfWorkspace: (path: string) => boolean | Promise<boolean>;
  /** Called after a use was allowed or revoked. */
  readonly changed?: () => void;
}

/**
 * Restricts secrets to their destinations, and lets the person allow what the workspace requests, once for each source,
 * destination, and requester.
 */
export class TrustedSources {
  readonly confirmations: Confirmations;
  /** Asks the person. For actions that a person or a program has started. */
  readonly asking: SourceConsent = this.manner({ asks: true, binds: true });
  /** Never asks. For views, which load without an action of the person. */
  readonly quiet: SourceConsent = this.manner({ asks: false, binds: false });
  /** Asks, but binds no secrets. For a connector that is tested before it is stored. */
  readonly trying: SourceConsent = this.manner({ asks: true, binds: false });
  /** Allows every use. For values that the person has just entered. */
  readonly allowing: SourceConsent = { confirm: (request) => this.allow(request) };
  /** Open prompts by request, so that each request is asked only once at a time. */
  readonly #asked = new Map<string, Promise<boolean>>();
  /** Sources that were not allowed in this window, by the error's message, which is all that a build's thread keeps. */
  readonly #denied = new Map<string, SourceRequest>();

  constructor(private readonly parts: TrustedSourcesParts) {
    this.confirmations = new Confirmations(parts.state);
  }

  /** Creates a consent that decides by other rules. */
  manner(manner: ConsentManner): SourceConsent {
    return { confirm: (request, signal) => this.#confirm(request, manner, signal) };
  }

  /** Records a use as allowed, for example because the person entered the password for it. */
  async allow(request: SourceRequest): Promise<void> {
    if (request.requestedBy.from !== undefined) await this.confirmations.add(request);
  }

  /** Revokes uses, so that the person is asked again. */
  async revoke(requests: readonly SourceRequest[]): Promise<void> {
    await this.confirmations.remove(requests);
    this.parts.changed?.();
  }

  /** Returns the use whose refusal caused an error; undefined for other errors. */
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
      // Don't report the refusal to the person who has just refused.
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
      // A missing secret is reported by the code that reads it.
      if (!bound) return;
      if (secretVerdict(bound, place, isOwn) === "refused") throw otherPlace(request, bound.flat());
    }
    if (!isOwn && !(await this.#isFree(request))) await this.#allowed(request, asks, signal);
    if (source.kind !== "secret" || place === undefined || !binds) return;
    if ((await this.parts.secrets.bind(source, place)) === "refused")
      throw otherPlace(request, ((await this.parts.secrets.placesOf(source)) ?? []).flat());
  }

  /** Whether a workspace may use a source without asking: its own folders and files. */
  async #isFree({ source, requestedBy }: SourceRequest): Promise<boolean> {
    // A program may also build any folder of the workspace.
    if (source.kind === "outsideFiles" || source.kind === "outsideNames") return this.#areFree(source.paths);
    if (source.kind === "folder") return this.parts.isOfWorkspace(source.path);
    if (source.kind !== "file" && source.kind !== "sshKey") return false;
    return requestedBy.from !== "program" && (await this.parts.isOfWorkspace(source.path));
  }

  async #areFree(paths: readonly string[]): Promise<boolean> {
    for (const path of paths) if (!(await this.parts.isOfWorkspace(path))) return false;
    return true;
  }

  /**
   * Checks that a use has been allowed, and asks if it may.
   *
   * @throws ImageBuilderError `sourceNotConfirmed`; the signal's reason
   */
  async #allowed(whole: SourceRequest, asks: boolean, signal: AbortSignal | undefined): Promise<void> {
    const request = this.confirmations.remaining(whole);
    if (!request) return;
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

  /** Asks once for the same request. The answer counts even if the build was canceled in the meantime. */
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
    work.catch(() => undefined); // Prevents an unhandled rejection after the caller has stopped waiting.
  }
}

/** Gives access to the extension's `TrustedSources`. */
export interface WithTrusted {
  readonly trusted: TrustedSources;
}
