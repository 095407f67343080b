import assert from "node:assert/strict";
import { reasonOf, type RefusalReason } from "../../../src/core/distribution/refusalReason";
import { networkRemedy } from "../../../src/core/engine/daemonNetwork";
import { daemonRefusal } from "../../../src/core/engine/daemonRefusal";

describe("a registry's refusal in a daemon's words", () => {
  const refusals: readonly (readonly [words: string, reason: RefusalReason | undefined])[] = [
    ["unauthorized: authentication required", "login"],
    ["unauthorized", "login"],
    ["denied", "right"],
    ["denied: requested access to the resource is denied", "right"],
    ["denied: Your authorization token has expired. Reauthenticate and try again.", "right"],
    ["denied: quota exceeded", "quota"],
    ["name unknown: The repository with name 'team/app' does not exist", "absent"],
    ["toomanyrequests: You have reached your pull rate limit", "tooOften"],
    ["tag invalid: The image tag '1' already exists and cannot be overwritten", "immutable"],
    ["unknown: Failed to process request due to 'a:1' configured as immutable.", "immutable"],
    ["unknown: unknown error", "failed"],
    ["errors:\ndenied: no\nunauthorized: no\n", "right"],
    ["received unexpected HTTP status: 503 Service Unavailable", "unavailable"],
    ["error parsing HTTP 429 response body: unexpected end of JSON input", "tooOften"],
    ["error parsing HTTP 413 response body: invalid character '<': \"<h1>413</h1>\"", "tooLarge"],
    ["unexpected status from PUT request to https://r.test/v2/team/403/manifests/1: 401 Unauthorized", "login"],
    [
      "unexpected status from HEAD request to http://127.0.0.1:5000/v2/a/manifests/1: 500 Internal Server Error",
      "failed",
    ],
    [
      "push access denied, repository does not exist or may require authorization: server message: " +
        "insufficient_scope: authorization failed",
      "right",
    ],
    ["no basic auth credentials", "login"],
    ["pulling from host r.test failed with status code [manifests 1]: 403 Forbidden", "right"],
    ['Get "https://r.test/v2/": x509: certificate signed by unknown authority', undefined],
    ["An image does not exist locally with the tag: denied/unauthorized", undefined],
    ["dial tcp 10.0.0.1:443: connect: connection refused", undefined],
    ['Head "https://r.test/v2/denied/manifests/429": EOF', undefined],
  ];
  for (const [words, reason] of refusals)
    it(`is read by its code or status: ${words.slice(0, 60)}`, () => {
      const refusal = daemonRefusal(words);
      assert.equal(refusal && reasonOf(refusal, ["team/403"]), reason);
    });

  it("is never decided by the name of the repository or the tag", () => {
    const refusal = daemonRefusal("denied: access to quota/read-only-immutable is denied");
    assert.ok(refusal);
    assert.equal(reasonOf(refusal, ["quota/read-only-immutable"]), "right");
  });
});

describe("a daemon that can't reach a registry", () => {
  const prefix = 'Get "https://r.test/v2/": ';
  const faults: readonly (readonly [words: string, remedy: RegExp])[] = [
    [
      "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time " +
        "2026-01-02T00:00:00Z is after 2025-01-01T00:00:00Z",
      /has expired\. Renew it/,
    ],
    [
      "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time " +
        "2024-01-02T00:00:00Z is before 2025-01-01T00:00:00Z",
      /is not valid yet\. Check the clock/,
    ],
    ["x509: certificate is valid for other.test, not r.test", /is for another host/],
    [
      "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
      /doesn't include the IP address/,
    ],
    ["x509: certificate signed by unknown authority", /doesn't trust the registry's certificate.*certs\.d/],
    ["remote error: tls: certificate required", /requires a client certificate/],
    ["remote error: tls: handshake failure", /refused the TLS handshake: it supports no current cipher, or/],
    ["remote error: tls: protocol version not supported", /supports no current version of TLS/],
    ["remote error: tls: unrecognized name", /has no certificate for that name/],
    [
      'net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01"',
      /answer is not HTTP\. Check that the address and the port/,
    ],
    ["dial tcp: lookup r.test on 127.0.0.53:53: server misbehaving", /can't be looked up at the moment/],
    ["http: server gave HTTP response to HTTPS client", /plain HTTP\. Add it to insecure-registries/],
    ["net/http: TLS handshake timeout", /didn't complete the TLS handshake in time/],
    ["dial tcp: lookup r.test on 127.0.0.53:53: no such host", /its host was not found/],
    ["dial tcp 10.0.0.1:443: connect: no route to host", /there is no route to it/],
    ["dial tcp 10.0.0.1:443: connect: connection refused", /\(connection refused\)/],
    ["dial tcp 10.0.0.1:443: i/o timeout", /couldn't reach the registry in time/],
    ["proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused", /The daemon's proxy blocked/],
    ["EOF", /the connection broke/],
  ];
  const seen = new Set<string>();
  for (const [words, remedy] of faults)
    it(`says why, and what to do: ${words.slice(0, 60)}`, () => {
      const found = networkRemedy(prefix + words) ?? "";
      assert.match(found, remedy);
      assert.ok(!seen.has(found), "each has its own remedy");
      seen.add(found);
      assert.match(
        networkRemedy(prefix + words, "base image's registry") ?? "",
        /base image's registry|daemon's proxy/,
      );
    });
});
