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
  [/^CERT_REVOKED$/, "its certificate has been revoked (x509). Replace it"],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$|^HOSTNAME_MISMATCH$/,
    "its certificate is for another host (x509). " +
      "Check that the address is correct, or use a name that is in the certificate",
  ],
  [
    /SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED/,
    "its certificate is signed by an untrusted authority (x509). " +
      'Save the authority\'s certificate as "/etc/docker/certs.d/<host>/ca.crt"',
  ],
  [
    /^INVALID_PURPOSE$|^CERT_REJECTED$/,
    "its certificate is not meant for a server (x509). Replace it by one for server authentication",
  ],
  [
    { test: (code) => alertOfCertificate.test(code) || code.includes("_CERTIFICATE_REQUIRED") },
    "it requires a client certificate or rejects yours. " +
      "Save the certificate and its key in Docker's certs.d as client.cert and client.key",
  ],
  [
    /^(?:INVALID_CA|CERT_CHAIN_TOO_LONG|PATH_LENGTH_EXCEEDED|CERT_SIGNATURE_FAILURE|UNSPECIFIED)$|^CRL_|_CRL$/,
    "its certificate can't be accepted (x509). Check the certificate and its chain",
  ],
  [/^UNABLE_TO_DE|^ERROR_IN_C|_(?:KEY_TOO_SMALL|MD_TOO_WEAK)$/, "its certificate is too weak or damaged. Replace it"],
  [
    /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|UNSUPPORTED_SSL_VERSION|VERSION_TOO_LOW/,
    "it supports no current version of TLS. Enable TLS 1.2 or 1.3 on the server",
  ],
  [
    /ALERT_HANDSHAKE_FAILURE|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY/,
    "it refuses the TLS handshake: it supports no current cipher, or requires a client certificate. " +
      "Update the server, or save a certificate and its key in Docker's certs.d as client.cert and client.key",
  ],
  [
    /UNRECOGNIZED_NAME/,
    "it has no certificate for that name. Check that the address is correct, or use a name that it serves",
  ],
];

/** The first answer of a server that doesn't use TLS, as OpenSSL and BoringSSL take it. */
const notTls = /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNKNOWN_PROTOCOL/;

/** Checks whether a server that was contacted over TLS doesn't use TLS. */
export function isNotTls(error: unknown): boolean {
  return notTls.test(tlsCodeOf(error));
}

/** The code of an error of TLS; in many errors of OpenSSL, only the message names it. */
function tlsCodeOf(error: unknown): string {
  const code = systemCodeOf(error) ?? "";
  if (code !== "EPROTO" && !code.startsWith("ERR_SSL_")) return code;
  return `${code}_${messageOf(error).toUpperCase().replaceAll(" ", "_")}`;
}

/** Explains in plain words why a connection to a host failed. */
export function connectionFailure(error: unknown): ConnectionFailure {
  const code = tlsCodeOf(error);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" && isIP(hostOf(error)) !== 0)
    return {
      code: "registryTls",
      reason:
        "its certificate doesn't include the IP address (x509). " +
        "Use the host name that is in the certificate, or add the address to the certificate",
    };
  if (isNotTls(error))
    return {
      code: "registryTls",
      reason: 'it does not use TLS. To allow plain HTTP, add it to "insecure-registries" in the daemon\'s settings',
    };
  const tls = tlsReasons.find(([codes]) => codes.test(code))?.[1];
  if (tls) return { code: "registryTls", reason: tls };
  if (/^EPROTO|^ERR_SSL_|^ERR_TLS_/.test(code))
    return {
      code: "registryTls",
      reason: "the TLS handshake failed. Check that the address is correct and that the server's TLS works",
    };
  return { code: "registryUnreachable", reason: unreachableReason(code, messageOf(error)) };
}

/** Returns why a proxy could not be reached, as {@link connectionFailure} does for other hosts. */
export function proxyFailure(error: unknown): ConnectionFailure {
  const { reason } = connectionFailure(error);
  const [cause = ""] = reason.split(". ");
  return {
    code: "registryUnreachable",
    reason: `${cause}. Check HTTPS_PROXY and HTTP_PROXY, and that the proxy is working`,
  };
}

/** Returns the host that Node compared a certificate with. */
function hostOf(error: unknown): string {
  return error instanceof Error && "host" in error && typeof error.host === "string" ? error.host : "";
}

function unreachableReason(code: string, message: string): string {
  if (code === "HPE_HEADER_OVERFLOW")
    return "the headers of its response are too long. Check that the address is correct";
  if (code.startsWith("HPE_")) return "the response is not HTTP. Check that the address and the port are correct";
  switch (code) {
    case "ENOTFOUND":
      return "host not found. Check that the address is correct, and whether a VPN is required";
    case "EAI_AGAIN":
      return "its name can't be looked up at the moment. Check this machine's network and DNS server";
    case "ECONNREFUSED":
      return "connection refused. Check that it is running and that the port is correct";
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
      return "the connection was closed. Check that the address is correct and that the server is working";
    case "ETIMEDOUT":
      return "the connection timed out. A VPN or a proxy may be required";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "ENETDOWN":
    case "EADDRNOTAVAIL":
      return "there is no route to it from this machine. A VPN or a proxy may be required";
    case "EACCES":
    case "EPERM":
      return "this machine doesn't allow the connection. Check its firewall";
    case "":
      return message.replace(/\.$/, "");
    default:
      return `the connection failed (${code}). Check that the address is correct and that the server is working`;
  }
}
