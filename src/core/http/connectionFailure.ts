import { messageOf, systemCodeOf, type ErrorCode } from "../base/errors";
import { inOrder, type WordTest } from "../base/wordsInOrder";

/** Why no answer came, in words that follow on `host: `, and as a code. */
export interface ConnectionFailure {
  readonly code: Extract<ErrorCode, "registryTls" | "registryUnreachable">;
  readonly reason: string;
}

const alertOfCertificate = inOrder(/ALERT_/, /CERTIFICATE|UNKNOWN_CA/);

/** TLS's own codes, and what a person can do. */
const tlsReasons: readonly (readonly [codes: WordTest, reason: string])[] = [
  [/^CERT_HAS_EXPIRED$/, "its certificate has expired (x509): renew it"],
  [/^CERT_NOT_YET_VALID$/, "its certificate is not valid yet (x509): see whether this machine's clock is right"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "its certificate is for another host (x509): see whether the address is right"],
  [
    /SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED/,
    'its certificate is signed by an authority that is not trusted (x509): put the authority\'s certificate into "/etc/docker/certs.d/<host>/ca.crt"',
  ],
  [
    { test: (code) => alertOfCertificate.test(code) || code.includes("_CERTIFICATE_REQUIRED") },
    "it wants a certificate of ours or does not accept ours: put it into Docker's certs.d as client.cert and client.key",
  ],
];

/** Whether a server that was spoken to in TLS does not speak it. */
export function isNotTls(error: unknown): boolean {
  return (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|^EPROTO$/.test(systemCodeOf(error) ?? "") ||
    /wrong version number/i.test(messageOf(error))
  );
}

/** Says in plain words why a host could not be asked. */
export function connectionFailure(error: unknown): ConnectionFailure {
  const code = systemCodeOf(error) ?? "";
  const tls = tlsReasons.find(([codes]) => codes.test(code))?.[1];
  if (tls) return { code: "registryTls", reason: tls };
  if (isNotTls(error))
    return {
      code: "registryTls",
      reason:
        'it does not speak TLS: if it may be used without, name it under "insecure-registries" in the daemon\'s settings',
    };
  return { code: "registryUnreachable", reason: unreachableReason(code, messageOf(error)) };
}

function unreachableReason(code: string, message: string): string {
  if (code.startsWith("HPE_")) return "its answer is not HTTP: see whether the address and its port are right";
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "there is no such host, or no network: see whether the address is right";
    case "ECONNREFUSED":
      return "nothing answers there: see whether the registry is running and whether its port is right";
    case "ECONNRESET":
    case "EPIPE":
      return "it broke the connection off: see whether the address is right, and whether it is well";
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "it cannot be reached from here: see whether a VPN or a proxy is needed";
    default:
      return message.replace(/\.$/, "");
  }
}
