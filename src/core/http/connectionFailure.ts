import { isIP } from "node:net";
import { messageOf, systemCodeOf, type ErrorCode } from "../base/errors";
import { inOrder, type WordTest } from "../base/wordsInOrder";

/** Reason why a host did not respond, in words that follow `host: `, and its error code. */
export interface ConnectionFailure {
  readonly code: Extract<ErrorCode, "registryTls" | "registryUnreachable">;
  readonly reason: string;
}

const alertOfCertificate = inOrder(/ALERT_/, /CERTIFICATE|UNKNOWN_CA/);

/** Node's error codes for TLS, and what a person can do about them. */
const tlsReasons: readonly (readonly [codes: WordTest, reason: string])[] = [
  [/^CERT_HAS_EXPIRED$/, "its certificate has expired (x509). Renew it"],
  [/^CERT_NOT_YET_VALID$/, "its certificate is not valid yet (x509). Check this machine's clock"],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "its certificate is for another host (x509). " +
      "Check that the address is correct, or use a name that is in the certificate",
  ],
  [
    /SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED/,
    "its certificate is signed by an untrusted authority (x509). " +
      'Save the authority\'s certificate as "/etc/docker/certs.d/<host>/ca.crt"',
  ],
  [
    { test: (code) => alertOfCertificate.test(code) || code.includes("_CERTIFICATE_REQUIRED") },
    "it requires a client certificate or rejects yours. " +
      "Save the certificate and its key in Docker's certs.d as client.cert and client.key",
  ],
];

/** Checks whether a server that was contacted over TLS doesn't use TLS. */
export function isNotTls(error: unknown): boolean {
  return (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|^EPROTO$/.test(systemCodeOf(error) ?? "") ||
    /wrong version number/i.test(messageOf(error))
  );
}

/** Explains in plain words why a connection to a host failed. */
export function connectionFailure(error: unknown): ConnectionFailure {
  const code = systemCodeOf(error) ?? "";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" && isIP(hostOf(error)) !== 0)
    return {
      code: "registryTls",
      reason:
        "its certificate doesn't include the IP address (x509). " +
        "Use the host name that is in the certificate, or add the address to the certificate",
    };
  const tls = tlsReasons.find(([codes]) => codes.test(code))?.[1];
  if (tls) return { code: "registryTls", reason: tls };
  if (isNotTls(error))
    return {
      code: "registryTls",
      reason: 'it does not use TLS. To allow plain HTTP, add it to "insecure-registries" in the daemon\'s settings',
    };
  return { code: "registryUnreachable", reason: unreachableReason(code, messageOf(error)) };
}

/** Returns the host that Node compared a certificate with. */
function hostOf(error: unknown): string {
  return error instanceof Error && "host" in error && typeof error.host === "string" ? error.host : "";
}

function unreachableReason(code: string, message: string): string {
  if (code.startsWith("HPE_")) return "the response is not HTTP. Check that the address and the port are correct";
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "host not found, or no network. Check that the address is correct";
    case "ECONNREFUSED":
      return "connection refused. Check that the registry is running and that the port is correct";
    case "ECONNRESET":
    case "EPIPE":
      return "the connection was closed. Check that the address is correct and that the server is working";
    case "ETIMEDOUT":
      return "the connection timed out. A VPN or a proxy may be required";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "there is no route to it from this machine. A VPN or a proxy may be required";
    default:
      return message.replace(/\.$/, "");
  }
}
