import { validateHeaderName, validateHeaderValue } from "node:http";
import { ImageBuilderError } from "../base/errors";

/** Headers that contain a login, for messages. */
const secretHeaders = new Set(["authorization", "cookie", "proxy-authorization"]);

/**
 * Checks a header, whose value may come from a stored login or another service; Node's own error would only name the
 * header.
 *
 * @throws ImageBuilderError `requestFailed`
 */
export function checkHeader(name: string, value: string, url: URL): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    const what = secretHeaders.has(name.toLowerCase()) ? "login" : "request";
    throw new ImageBuilderError(
      "requestFailed",
      `The ${what} for ${url.host} contains a character that can't be sent, such as a line break. ` +
        "Check where the value comes from.",
    );
  }
}
