import { ImageBuilderError } from "../../base/errors";

/** @throws ImageBuilderError `connectorFailed` when a secret would be sent without TLS */
export function secureUrl(address: string): URL {
  if (URL.canParse(address) && new URL(address).protocol === "https:") return new URL(address);
  throw new ImageBuilderError("connectorFailed", `The credentials contain "${address}", which is not an HTTPS URL.`);
}
