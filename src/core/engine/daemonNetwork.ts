import { inOrder, type WordTest } from "../base/wordsInOrder";

/** Statuses of a proxy that answers in the registry's place or fails itself; Go programs report only their texts. */
const proxyWords: WordTest = {
  test: (words) => {
    const answer =
      /": (?:Bad Gateway|Forbidden|Service Unavailable|Gateway Timeout|Proxy Authentication Required)\.?$/i.exec(words);
    const address = answer ? words.slice(words.lastIndexOf(" ", answer.index) + 1, answer.index) : "";
    return /proxyconnect/i.test(words) || /https:\/\//i.test(address);
  },
};

/** The errors of Go's network library, which only the daemon can tell: it connects from its own machine. */
const remedies: readonly (readonly [words: WordTest, remedy: string])[] = [
  [proxyWords, "The daemon's proxy blocked the request. Check HTTPS_PROXY and NO_PROXY in the daemon's settings."],
  [
    inOrder(/certificate has expired or is not yet valid/i, / is before /i),
    "The registry's certificate is not valid yet. Check the clock of the daemon's machine.",
  ],
  [
    /certificate has expired/i,
    "The registry's certificate has expired. Renew it, or check the clock of the daemon's machine.",
  ],
  [
    /doesn't contain any IP SANs|any IP SANs/i,
    "The registry's certificate doesn't include the IP address. " +
      "Use the host name that is in the certificate, or add the address to the certificate.",
  ],
  [
    /certificate is valid for|certificate is not valid for any names|relies on legacy Common Name/i,
    "The registry's certificate is for another host. " +
      "Check that the address is correct, or use a name that is in the certificate.",
  ],
  [
    /certificate signed by unknown authority|certificate is not trusted|unknown certificate authority/i,
    "The daemon doesn't trust the registry's certificate. " +
      "On the daemon's machine, save its CA certificate as /etc/docker/certs.d/<registry>/ca.crt.",
  ],
  [
    /unsupported protocol version|tls: protocol version not supported/i,
    "The registry supports no current version of TLS. Enable TLS 1.2 or 1.3 on its server.",
  ],
  [
    /tls: handshake failure/i,
    "The registry refused the TLS handshake: it supports no current cipher, or requires a client certificate. " +
      "Update its server, or save a certificate on the daemon's machine as " +
      "/etc/docker/certs.d/<registry>/client.cert with client.key.",
  ],
  [
    /tls: unrecognized name/i,
    "The registry has no certificate for that name. Check that the address is correct, or use a name that it serves.",
  ],
  [
    /malformed HTTP (?:response|status|version)/i,
    "The registry's answer is not HTTP. Check that the address and the port are correct.",
  ],
  [
    /tls: bad certificate|certificate required/i,
    "The registry requires a client certificate. " +
      "On the daemon's machine, save it as /etc/docker/certs.d/<registry>/client.cert with client.key.",
  ],
  [
    /x509|tls: failed to verify certificate/i,
    "The daemon doesn't accept the registry's certificate. Check the certificate, and save its CA " +
      "certificate on the daemon's machine as /etc/docker/certs.d/<registry>/ca.crt.",
  ],
  [
    /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i,
    "The registry uses plain HTTP. Add it to insecure-registries in the daemon's settings.",
  ],
  [
    /TLS handshake timeout/i,
    "The registry didn't complete the TLS handshake in time. " +
      "Check that the port is correct and that no firewall or proxy holds up the connection of the daemon.",
  ],
  [
    /server misbehaving|Temporary failure in name resolution/i,
    "The daemon couldn't reach the registry: its name can't be looked up at the moment. " +
      "Check the network and the DNS server of the daemon's machine.",
  ],
  [
    /no such host/i,
    "The daemon couldn't reach the registry: its host was not found. " +
      "Check that the name is correct and that the daemon's DNS server knows it.",
  ],
  [
    /no route to host|network is unreachable/i,
    "The daemon couldn't reach the registry: there is no route to it. " +
      "Check that the daemon's machine has network access, for example through a VPN.",
  ],
  [
    /connection refused/i,
    "The daemon couldn't reach the registry or its token service (connection refused). " +
      "Check that they are running and that the address and the port are correct.",
  ],
  [
    inOrder(/dial tcp/i, /i\/o timeout/i),
    "The daemon couldn't reach the registry in time. " +
      "Check that the address is correct and that no firewall is in between.",
  ],
  [
    /i\/o timeout|context deadline exceeded|Client\.Timeout|\bEOF\b|connection reset|broken pipe|request canceled/i,
    "The daemon couldn't reach the registry or its token service: the connection broke. " +
      "Check that they are running and that the address is correct.",
  ],
];

/**
 * Returns the remedy if the daemon couldn't connect to a registry at all, judging by its words; otherwise undefined.
 *
 * @param registry what it is called, after "the"
 */
export function networkRemedy(words: string, registry = "registry"): string | undefined {
  const remedy = remedies.find(([test]) => test.test(words))?.[1];
  return remedy?.replace(/\b(the) registry\b/gi, `$1 ${registry}`);
}
