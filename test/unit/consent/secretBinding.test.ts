import assert from "node:assert/strict";
import { boundTo, secretVerdict, type SecretVerdict } from "../../../src/core/consent/secretBinding";
import type { Destination } from "../../../src/core/base/sourceConsent";

const here: Destination = { kind: "build", folder: "/app", address: "unix:///var/run/docker.sock", isLocal: true };
const elsewhere: Destination = { kind: "build", folder: "/app", address: "tcp://10.0.0.1:2376", isLocal: false };
const host = (name: string): Destination => ({ kind: "host", host: name });
const flavor = (...addresses: readonly string[]): Destination => ({
  kind: "flavor",
  flavor: "remote",
  configuration: "{}",
  addresses,
});
const places = (...destinations: readonly Destination[]): string[] => destinations.map((each) => boundTo(each) ?? "");

describe("a stored secret", () => {
  const cases: readonly (readonly [
    belongs: readonly (readonly string[])[],
    wanted: Destination,
    own: SecretVerdict,
    shared: SecretVerdict,
  ])[] = [
    [[[]], host("ghcr.io"), "bind", "ask"],
    [[places(host("ghcr.io"))], host("ghcr.io"), "allowed", "ask"],
    [[places(host("ghcr.io"))], host("ghcr.io.evil.example"), "refused", "refused"],
    [[places(host("ghcr.io"))], host("ghcr.io:444"), "refused", "refused"],
    [[places(host("ghcr.io"))], here, "refused", "refused"],
    [[places(host("ghcr.io"))], flavor("https://ghcr.io"), "refused", "refused"],
    [[places(here)], host("ghcr.io"), "refused", "refused"],
    [[places(here)], here, "allowed", "ask"],
    [[places(here)], elsewhere, "bind", "ask"],
    [[places(here, elsewhere)], elsewhere, "allowed", "ask"],
    [[places(here, host("ghcr.io"))], elsewhere, "refused", "refused"],
    [[places(flavor("https://a.example"))], flavor("https://b.example"), "refused", "refused"],
    [[places(flavor("https://a.example"))], flavor("https://a.example"), "allowed", "ask"],
    [[places(host("ghcr.io")), []], host("ghcr.io"), "bind", "ask"],
    [[places(host("ghcr.io")), []], host("other.example"), "refused", "refused"],
    [[[], places(host("ghcr.io"))], host("other.example"), "refused", "refused"],
  ];
  for (const [belongs, wanted, own, shared] of cases) {
    const place = boundTo(wanted) ?? "";
    it(`of ${JSON.stringify(belongs)} is ${own} for ${place} by its person, and ${shared} by a workspace`, () => {
      assert.equal(secretVerdict(belongs, place, true), own);
      assert.equal(secretVerdict(belongs, place, false), shared);
    });
  }
});
