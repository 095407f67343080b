import type { IncomingHttpHeaders } from "node:http";
import { ImageBuilderError, systemCodeOf } from "../../base/errors";
import type { HttpResponse } from "../../http/httpClient";
import { runShell } from "../../process/runShell";
import { isSuccess, refusal, sendAnyway } from "../askService";
import type { ConnectorServices } from "../connectorType";
import type { ChainErrand, ErrandResult } from "./chainMessages";
import { awsRefusal } from "./awsRefusal";
import { completeDocument } from "./providedCredentials";

/** Failure of a request or program, of which the chain itself gets only a code. */
export interface OutsideFailure {
  readonly error: ImageBuilderError;
  /** HTTP status of a response that refuses. */
  readonly status?: number;
  /** Whether the machine's metadata service failed, which most machines don't have. */
  readonly isMachine: boolean;
}

const containerTimeoutMs = 5000;
/**
 * Time limit for the metadata service in milliseconds, the same as the chain's own. Machines outside of AWS wait for it
 * in vain.
 */
const machineTimeoutMs = 1000;
/** Maximum size of a response of the container's or machine's service, which is a few hundred bytes. */
const maxLocalBytes = 2 ** 20;
/**
 * Time limit for a `credential_process` in milliseconds. It may open a browser, or wait for a confirmation on a phone.
 */
const programTimeoutMs = 60_000;

type Sending = Extract<ChainErrand, { readonly kind: "send" }>;
type Place = "container" | "machine" | "service";

/** Sends requests and runs programs for the AWS provider chain, within limits, and keeps the failure to report. */
export class ChainErrands {
  failure: OutsideFailure | undefined;
  readonly #container: string | undefined;

  constructor(
    private readonly services: ConnectorServices,
    private readonly signal: AbortSignal,
  ) {
    this.#container = containerAddress(services.env);
  }

  /** Runs an errand. Never rejects: the chain gets a failure as a code. */
  async run(errand: ChainErrand): Promise<ErrandResult> {
    const { id } = errand;
    try {
      if (errand.kind === "run") return { id, output: await this.#runProgram(errand.command) };
      const { status, headers, body } = await this.#send(errand);
      return { id, status, headers: singleHeaders(headers), body: body.toString() };
    } catch (error) {
      if (ImageBuilderError.is(error))
        this.#keep({ error, isMachine: errand.kind === "send" && this.#placeOf(new URL(errand.url)) === "machine" });
      return { id, code: systemCodeOf(error) ?? "ERR_REFUSED" };
    }
  }

  /**
   * Keeps the first failure, since the chain goes on to places that may not be meant; one of the metadata service gives
   * way to any other.
   */
  #keep(failure: OutsideFailure): void {
    if (!this.failure || (this.failure.isMachine && !failure.isMachine)) this.failure = failure;
  }

  #placeOf(url: URL): Place {
    if (url.href === this.#container) return "container";
    return /^\/latest\/(?:api|meta-data)\//.test(url.pathname) ? "machine" : "service";
  }

  async #send({ url: address, method, headers, body }: Sending): Promise<Omit<HttpResponse, "url">> {
    const url = new URL(address);
    const place = this.#placeOf(url);
    const purpose = place === "service" ? "get credentials" : `get the ${place}'s credentials`;
    const request = {
      url,
      method,
      // A token from a file may end with a line break.
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.trim()])),
      ...(body !== undefined && { body }),
      ...(place === "container" && { timeoutMs: containerTimeoutMs, maxBytes: maxLocalBytes }),
      ...(place === "machine" && { timeoutMs: machineTimeoutMs, maxBytes: maxLocalBytes }),
      // Amazon's libraries follow no redirects at all.
      sameOrigin: true,
      signal: this.signal,
    };
    const response = await sendAnyway(request, purpose, this.services);
    if (!isSuccess(response)) {
      const error =
        place === "service"
          ? awsRefusal(response, { host: url.host, purpose, renewal: "" })
          : refusal(response, url.host, purpose);
      this.#keep({ error, status: response.status, isMachine: place === "machine" });
    } else if (place === "container" || (place === "machine" && /\/security-credentials\/./.test(url.pathname))) {
      const who = place === "container" ? url.host : "The metadata service";
      return { ...response, body: Buffer.from(completeDocument(response.body, who)) };
    }
    return response;
  }

  /** Runs a `credential_process` of the user's own configuration. */
  async #runProgram(command: string): Promise<string> {
    const { env } = this.services;
    const says = (what: string) =>
      new ImageBuilderError(
        "connectorFailed",
        `The "credential_process" command in the AWS configuration ${what}. Run it in a terminal to check its output.`,
      );
    const { signal } = this;
    const outcome = await runShell(command, { env, signal, timeoutMs: programTimeoutMs }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new ImageBuilderError(
        "connectorFailed",
        'Could not start a shell for the "credential_process" command in the AWS configuration. ' +
          "Check that a shell is installed on this machine.",
        { cause },
      );
    });
    if (outcome.cutShort === "late") throw says(`did not finish within ${programTimeoutMs / 1000} s`);
    if (outcome.cutShort === "endless") throw says("returned too much output");
    if (outcome.exitCode !== 0) throw says(`failed (exit code ${outcome.exitCode ?? "none"})`);
    return outcome.stdout;
  }
}

/**
 * Returns the address of the container's service as Node writes it; undefined if the environment contains no valid
 * address.
 */
function containerAddress(env: NodeJS.ProcessEnv): string | undefined {
  const relative = env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
  const address = relative ? `http://169.254.170.2${relative}` : (env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "");
  return URL.canParse(address) ? new URL(address).href : undefined;
}

function singleHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? "")]));
}
