import assert from "node:assert/strict";
import { hostOf, proxyFor, serverNameOf } from "../../../src/core/http/proxy";
import { ImageBuilderError } from "../../../src/core/base/errors";

const proxy = "http://proxy.example:3128";

describe("the proxy of the environment", () => {
  const cases: readonly (readonly [url: string, env: NodeJS.ProcessEnv, through: boolean])[] = [
    ["https://ghcr.io/", {}, false],
    ["https://ghcr.io/", { HTTPS_PROXY: proxy }, true],
    ["https://ghcr.io/", { https_proxy: "proxy.example:3128" }, true],
    ["https://ghcr.io/", { HTTP_PROXY: proxy }, false],
    ["http://ghcr.io/", { HTTP_PROXY: proxy }, true],
    ["https://localhost:5000/", { HTTPS_PROXY: proxy }, false],
    ["https://127.0.0.1:5000/", { HTTPS_PROXY: proxy }, false],
    ["https://[::1]:5000/", { HTTPS_PROXY: proxy }, false],
    ["https://ghcr.io/", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, false],
    ["https://ghcr.io/", { HTTPS_PROXY: proxy, NO_PROXY: "quay.io, ghcr.io" }, false],
    ["https://sub.ghcr.io/", { HTTPS_PROXY: proxy, NO_PROXY: "ghcr.io" }, false],
    ["https://notghcr.io/", { HTTPS_PROXY: proxy, NO_PROXY: "ghcr.io" }, true],
    ["https://ghcr.io/", { HTTPS_PROXY: proxy, NO_PROXY: ".ghcr.io" }, true],
    ["https://sub.ghcr.io/", { HTTPS_PROXY: proxy, no_proxy: ".ghcr.io" }, false],
    ["https://ghcr.io/", { HTTPS_PROXY: proxy, NO_PROXY: "ghcr.io:5000" }, true],
    ["https://ghcr.io:5000/", { HTTPS_PROXY: proxy, NO_PROXY: "ghcr.io:5000" }, false],
    ["https://10.1.2.3/", { HTTPS_PROXY: proxy, NO_PROXY: "10.0.0.0/8" }, false],
    ["https://11.1.2.3/", { HTTPS_PROXY: proxy, NO_PROXY: "10.0.0.0/8" }, true],
    ["https://ghcr.io/", { HTTPS_PROXY: "", https_proxy: proxy }, true],
    ["http://ghcr.io/", { HTTP_PROXY: "", http_proxy: proxy }, true],
    ["https://ghcr.io/", { HTTPS_PROXY: proxy, NO_PROXY: "", no_proxy: "ghcr.io" }, false],
    ["https://169.254.169.254/", { HTTPS_PROXY: proxy, NO_PROXY: "169.254.169.254" }, false],
  ];
  for (const [url, env, through] of cases) {
    it(`is ${through ? "" : "not "}used for ${url} with ${JSON.stringify(env)}`, () => {
      assert.equal(proxyFor(new URL(url), env)?.host, through ? "proxy.example:3128" : undefined);
    });
  }

  it("is connected to by its address, and without a server's name, where it is an address", () => {
    const ports = ["http://[2001:db8::1]:3128", "http://10.0.0.1:3128", proxy];
    assert.deepEqual(
      ports.map((port) => hostOf(new URL(port))),
      ["2001:db8::1", "10.0.0.1", "proxy.example"],
    );
    assert.deepEqual(
      ports.map((port) => serverNameOf(new URL(port))),
      [{}, {}, { servername: "proxy.example" }],
    );
  });

  it("that is none is told by its variable, and never by what may be its password", () => {
    assert.throws(
      () => proxyFor(new URL("https://ghcr.io/"), { HTTPS_PROXY: "socks5://me:s3cr3t@proxy.example" }),
      (error) => {
        return (
          ImageBuilderError.is(error, "requestFailed") &&
          /HTTPS_PROXY/.test(error.message) &&
          !error.message.includes("s3cr3t")
        );
      },
    );
  });
});
