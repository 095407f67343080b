import { messageOf, systemCodeOf } from "../base/errors";

/** Explains in plain words, for use in parentheses, why a connection to a daemon broke. */
export function brokenConnection(error: unknown): string {
  const code = systemCodeOf(error) ?? "";
  if (code.startsWith("HPE_")) return "its response is not HTTP";
  if (code.startsWith("ERR_HTTP2_")) return "its response is not HTTP/2";
  switch (code) {
    case "ECONNRESET":
    case "EPIPE":
    case "ERR_STREAM_PREMATURE_CLOSE":
      return "connection closed";
    case "ECONNREFUSED":
      return "connection refused";
    default:
      return messageOf(error).replace(/\.$/, "");
  }
}
