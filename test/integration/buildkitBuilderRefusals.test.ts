import { after, before, describe, it } from "mocha";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Component } from "../../src/core/base/component";
import { BuildkitProxy } from "../support/buildkitProxy";
import { Authority } from "../support/certificates";
import { plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { assertFails, build, builderOn, BuildkitNodes, imageIn } from "./buildkitBuilderSupport";

describe("a builder of BuildKit daemons", function () {
  this.timeout(180_000);
  let nodes: BuildkitNodes;
  before(async () => (nodes = await BuildkitNodes.start()));
  after(async () => {
    await nodes.stop();
    removeTemporaryFolders();
  });

  describe("that can't be used says why before anything is sent:", () => {
    const failing = (builder: Component, options?: BuildOptions): Promise<unknown> =>
      build({ builder, options, imageName: imageIn(plainRegistry()), registry: plainRegistry() });

    it("no daemon at the address", async () => {
      await assertFails(
        "daemonUnreachable",
        /The BuildKit daemon at unix:\/\/\/nonexistent\/b\.sock \(builder "pool"\) is not running/,
        failing(builderOn({ endpoint: "unix:///nonexistent/b.sock" })),
      );
      await assertFails(
        "daemonUnreachable",
        /connection refused/,
        failing(builderOn({ endpoint: "tcp://127.0.0.1:1" })),
      );
    });

    it("a Docker daemon at the address", async () => {
      await assertFails(
        "daemonUnreachable",
        /is not a BuildKit daemon|closed the connection/,
        failing(builderOn({ endpoint: nodes.daemon.dockerHost })),
      );
    });

    it("TLS on one side only", async () => {
      await assertFails(
        "daemonUnreachable",
        /whether it requires TLS/,
        failing(builderOn({ endpoint: nodes.secure.address })),
      );
      const plain = await new BuildkitProxy(nodes.daemon.dockerHost).start({ onPort: true });
      try {
        const builder = builderOn({ endpoint: plain.address, ca: nodes.ours.certificate, ...nodes.pair });
        await assertFails("daemonTls", /does not use TLS|closed/, failing(builder));
      } finally {
        await plain.stop();
      }
    });

    it("certificates that one side doesn't accept", async () => {
      const stranger = new Authority(temporaryFolder(), "stranger");
      await assertFails(
        "daemonTls",
        /not trusted.*The file in "ca"/,
        failing(builderOn({ endpoint: nodes.secure.address, ca: stranger.certificate, ...nodes.pair })),
      );
      for (const shown of [stranger.sign("client", "clientAuth"), {}])
        await assertFails(
          "daemonTls",
          /rejects this client.*the files in "cert" and "key"/,
          failing(builderOn({ endpoint: nodes.secure.address, ca: nodes.ours.certificate, ...shown })),
        );
      await assertFails(
        "daemonTls",
        /for another host/,
        failing(
          builderOn({
            endpoint: nodes.secure.address,
            ca: nodes.ours.certificate,
            ...nodes.pair,
            servername: "elsewhere.example",
          }),
        ),
      );
    });

    it("no registry to push to", async () => {
      await assertFails(
        "registryMissing",
        /needs a registry/,
        build({ builder: builderOn({ endpoint: nodes.node.address }), imageName: `${uniqueName()}:1` }),
      );
    });

    it("options of Docker", async () => {
      for (const [options, words] of [
        [{ builder: "classic" }, /no classic builder/],
        [{ memoryBytes: 1e9 }, /ignores memoryBytes/],
        [{ extraHosts: ["a:host-gateway"] }, /host-gateway/],
      ] as const)
        await assertFails("optionInvalid", words, failing(builderOn({ endpoint: nodes.node.address }), options));
    });

    it("platforms of several daemons", async () => {
      const builder = builderOn(
        { endpoint: nodes.node.address, platforms: ["linux/amd64"] },
        { endpoint: nodes.secure.address, platforms: ["linux/arm64"] },
      );
      await assertFails(
        "optionInvalid",
        /builds for linux\/amd64 and linux\/arm64\. Choose platforms of one daemon/,
        failing(builder, { platform: "linux/amd64,linux/arm64" }),
      );
    });
  });
});
