import assert from "node:assert/strict";
import { mkdirSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Component } from "../../../src/core/base/component";
import { localBuilder, uniqueName } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { byAddress, byLoopback, place, TrustWorld } from "../../support/namespace/trustWorld";

/** How a registry is reached, and what comes of it. */
interface SetUp {
  readonly what: string;
  readonly host: string;
  /** Whose certificate is saved for the host where Docker looks for it. */
  readonly trusted?: "company" | "company with a client";
  /** `works` in every way, or what is said: by the daemon of a push, and by us of a check and of a list of tags. */
  readonly ending: "works" | readonly [daemon: RegExp, ours: RegExp];
}

const daemonsOwn = /save its CA certificate as \/etc\/docker\/certs\.d/;

/** The daemon was told of these by their names and ports. */
const byName = [place("otherPlain"), place("otherCompany"), place("otherExpired")];
const named: readonly SetUp[] = [
  { what: "has no TLS, and the daemon is told so", host: place("otherPlain"), ending: "works" },
  {
    what: "has no TLS, and nobody is told so",
    host: place("plain"),
    ending: [
      /plain HTTP\. Add it to insecure-registries/,
      /does not use TLS\. To allow plain HTTP, add it to "insecure-reg/,
    ],
  },
  {
    what: "is told of under another name",
    host: place("otherPlain", "other.example.test"),
    ending: [
      /plain HTTP\. Add it to insecure-registries/,
      /does not use TLS\. To allow plain HTTP, add it to "insecure-reg/,
    ],
  },
  { what: "has no TLS, on the daemon's machine", host: byLoopback("plain"), ending: "works" },
  {
    what: "has a private authority that nobody trusts",
    host: place("company"),
    ending: [daemonsOwn, /signed by an untrusted authority \(x509\).*certs\.d/],
  },
  {
    what: "has a private authority that is trusted for its host",
    host: place("company", "other.example.test"),
    trusted: "company",
    ending: "works",
  },
  { what: "has a private authority, and may be insecure", host: place("otherCompany"), ending: "works" },
  { what: "has a private authority, on the daemon's machine", host: byLoopback("company"), ending: "works" },
  {
    what: "has another authority than the one that is trusted",
    host: place("stranger"),
    trusted: "company",
    ending: [daemonsOwn, /signed by an untrusted authority \(x509\)/],
  },
  {
    what: "has a certificate that has expired",
    host: place("expired"),
    trusted: "company",
    ending: [/certificate has expired\. Renew it/, /certificate has expired \(x509\)\. Renew it/],
  },
  { what: "has a certificate that has expired, and may be insecure", host: place("otherExpired"), ending: "works" },
  {
    what: "has a certificate for another host",
    host: place("elsewhere"),
    trusted: "company",
    ending: [/certificate is for another host\. Check/, /certificate is for another host \(x509\)\. Check/],
  },
  {
    what: "has a certificate without its address",
    host: byAddress("company"),
    trusted: "company",
    ending: [/certificate doesn't include the IP address/, /certificate doesn't include the IP address \(x509\)/],
  },
  {
    what: "wants a certificate, and there is none",
    host: place("asking"),
    trusted: "company",
    ending: [/requires a client certificate/, /requires a client certificate or rejects yours/],
  },
  {
    what: "wants a certificate, and gets it",
    host: place("asking", "other.example.test"),
    trusted: "company with a client",
    ending: "works",
  },
];

/** The daemon was told of the network that all hosts are in. */
const ofNetwork: readonly SetUp[] = [
  { what: "has no TLS", host: place("plain"), ending: "works" },
  { what: "has no TLS, by its address", host: byAddress("plain"), ending: "works" },
  { what: "has a private authority that nobody trusts", host: place("company"), ending: "works" },
  { what: "has a certificate for another host", host: place("elsewhere"), ending: "works" },
];

describe("push, check and browse agree on a registry that", () => {
  trustedAs("", byName, named);
});
describe("push, check and browse agree on a registry in an insecure network that", () => {
  trustedAs(", as the network tells", ["10.99.0.0/24"], ofNetwork);
});

function trustedAs(more: string, insecureRegistries: readonly string[], setUps: readonly SetUp[]): void {
  let world: TrustWorld;
  before(async function () {
    this.timeout(120_000);
    world = await TrustWorld.start(insecureRegistries);
    for (const { host, trusted } of setUps) if (trusted) trust(host, trusted);
  });
  after(async () => {
    await world?.stop();
    removeTemporaryFolders();
  });

  function trust(host: string, how: NonNullable<SetUp["trusted"]>): void {
    world.namespace.trust(host, world.company.certificate);
    if (how === "company") return;
    const folder = join(world.namespace.folder, "etc-docker/certs.d", host);
    const { cert, key } = world.company.sign("client", "clientAuth");
    mkdirSync(folder, { recursive: true });
    copyFileSync(cert, join(folder, "client.cert"));
    copyFileSync(key, join(folder, "client.key"));
  }

  for (const { what, host, ending } of setUps) {
    it(`${what}${more}: ${ending === "works" ? "it works" : "it fails alike"}`, async function () {
      this.timeout(120_000);
      const registry: Component = {
        name: "mine",
        type: "container_registry",
        flavor: "default",
        configuration: { uri: host },
      };
      const repository = uniqueName("team/app");
      const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n", "a.txt": what });
      const pushed = await world.core.run("buildAndPush", {
        root,
        imageName: `${host}/${repository}:1`,
        builder: localBuilder,
        registry,
        options: {},
      });
      const check = await world.core.get("check", { registry, repository });
      const browsed = await world.core.run("tags", { registry, repository });
      if (ending === "works") {
        assert.equal(pushed.failure?.message, undefined);
        assert.equal(check.outcome, "mayPush", JSON.stringify(check));
        assert.deepEqual(browsed.result, ["1"], browsed.failure?.message);
        return;
      }
      const [daemon, ours] = ending;
      assert.match(pushed.failure?.message ?? "", daemon);
      assert.ok(check.outcome === "failed", JSON.stringify(check));
      assert.match(check.message, ours);
      assert.equal(browsed.failure?.message, check.message);
    });
  }
}
