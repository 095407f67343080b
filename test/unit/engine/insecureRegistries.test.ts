import assert from "node:assert/strict";
import { isInsecureRegistry } from "../../../src/core/engine/insecureRegistries";

const told = {
  IndexConfigs: {
    "docker.io": { Secure: true },
    "plain.example.test:5000": { Secure: false },
    "10.1.2.3:5000": { Secure: true },
  },
  InsecureRegistryCIDRs: ["10.0.0.0/8", "127.0.0.0/8", "::1/128", "nonsense", "10.0.0.0/99", "fd00::/8"],
};

describe("a daemon's insecure registries", () => {
  const hosts: readonly (readonly [host: string, isInsecure: boolean, why: string])[] = [
    ["plain.example.test:5000", true, "listed as insecure"],
    ["plain.example.test", false, "listed with another port only"],
    ["10.1.2.3:5000", false, "listed as secure, whatever its network"],
    ["10.1.2.3", true, "in a listed network"],
    ["10.200.0.1:443", true, "in a listed network, with a port"],
    ["11.0.0.1", false, "in no listed network"],
    ["127.0.0.9:5000", true, "on this machine"],
    ["localhost:5000", true, "a name of this machine, which is looked up"],
    ["[::1]:5000", true, "on this machine, by IPv6"],
    ["[fd00::5]", true, "in a listed network of IPv6"],
    ["docker.io", false, "listed as secure"],
    ["no-such-host.invalid", false, "nowhere to be found"],
    ["__proto__", false, "no host"],
  ];
  for (const [host, isInsecure, why] of hosts)
    it(`${isInsecure ? "have" : "don't have"} ${host}, which is ${why}`, async () =>
      assert.equal(await isInsecureRegistry(told, host), isInsecure));

  it("are none where the daemon tells nothing", async () => {
    assert.equal(await isInsecureRegistry({}, "127.0.0.1:5000"), false);
    assert.equal(await isInsecureRegistry({ IndexConfigs: null, InsecureRegistryCIDRs: null }, "a"), false);
  });
});
