import type { SourceConsent, SourceRequest } from "../../../src/core/base/sourceConsent";
import { notConfirmed } from "../../../src/core/consent/consentFailures";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { ImageBuilderError } from "../../../src/core/base/errors";
import type { ImplementationServices } from "../../../src/core/contracts/services";
import { Secrets } from "../../../src/vscode/platform/secrets";
import { memorySecrets } from "../../support/memento";

/** Remembers what was asked, and refuses it unless it is told to agree. */
export class Asked implements SourceConsent {
  readonly requests: SourceRequest[] = [];
  agrees = false;
  async confirm(request: SourceRequest): Promise<void> {
    this.requests.push(request);
    if (!this.agrees) throw notConfirmed(request);
  }
}

/** A use that nobody has allowed. */
export const isRefused = (error: unknown): boolean => ImageBuilderError.is(error, "sourceNotConfirmed");

/** A login of npm, and one of a registry. */
export async function stored(): Promise<Secrets> {
  const secrets = new Secrets(memorySecrets());
  await secrets.save("npm", { token: "canary-npm" });
  await secrets.save("ghcr", { host: "ghcr.io", username: "me", password: "canary-ghcr" });
  return secrets;
}

/** The services of implementations, which reach no daemon. */
export function services(secrets: Secrets, consent: SourceConsent): ImplementationServices {
  return {
    engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
    credentials: secrets,
    secrets,
    consent,
  };
}
