import { ImageBuilderError } from "../../base/errors";

/** Parses a URL to which a secret is sent. @throws ImageBuilderError `connectorFailed` if it is not an HTTPS URL */
export function secureUrl(address: string): URL {
  if (URL.canParse(address) && new URL(address).protocol === "https:") return new URL(address);
  throw new ImageBuilderError("connectorFailed", `The credentials contain "${address}", which is not an HTTPS URL.`);
}
