import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import { HttpClient, type HttpRequest, type StreamedResponse } from "../../src/core/http/httpClient";
import { flatImage } from "../support/embedded/flattenImage";
import { authRegistry, login, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { build, files } from "./embeddedBuilderSupport";

/** Notes what is downloaded in chunks. */
class CountingClient extends HttpClient {
  readonly opened: string[] = [];

  override open(request: HttpRequest): Promise<StreamedResponse> {
    this.opened.push(request.url.pathname);
    return super.open(request);
  }
}

describe("the embedded builder", function () {
  this.timeout(600_000);
  after(removeTemporaryFolders);

  it("builds and pushes where no daemon is, and tells the digest that the registry has", async () => {
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const operation = recordingOperation();
    const root = temporaryFolder(files);
    const { digest, reference } = await build({ root, imageName, registry: plainRegistry(), operation });
    assert.equal(digest, await registryDigest(imageName));
    assert.equal(reference, `${imageName.replace(/:1$/, "")}@${digest}`);
    const states = operation.events.flatMap((event) => (event.kind === "layer" ? event.state : []));
    assert.deepEqual(states, ["done", "done"]);
    const again = recordingOperation();
    assert.equal((await build({ root, imageName, registry: plainRegistry(), operation: again })).digest, digest);
    assert.deepEqual(
      new Set(again.events.flatMap((event) => (event.kind === "layer" ? event.state : []))),
      new Set(["exists"]),
    );
  });

  it("stands on an image of a registry that asks for a login, whose layers are mounted", async () => {
    const host = authRegistry();
    const base = `${host}/${uniqueName("base")}:1`;
    await build({ files, imageName: base, registry: host });
    const operation = recordingOperation();
    const imageName = `${host}/${uniqueName()}:1`;
    const text = `FROM ${base}\nWORKDIR /app\nCOPY more .\nUSER 7\n`;
    await build({ files: { Dockerfile: text, more: "m" }, imageName, registry: host, operation });
    const texts = operation.events.flatMap((event) => (event.kind === "layer" ? event.text : []));
    assert.deepEqual(texts.filter((each) => each.startsWith("Mounted")).length, 1, texts.join());
    assert.ok(await registryDigest(imageName, login()));
  });

  it("copies the layers of a base that is in another registry", async () => {
    const base = `${authRegistry()}/${uniqueName("base")}:1`;
    await build({ files, imageName: base, registry: authRegistry() });
    const name = uniqueName();
    const text = `FROM ${base}\nCOPY more /app/\n`;
    const imageName = `${plainRegistry()}/${name}:1`;
    await build({ files: { Dockerfile: text, more: "m" }, imageName, registry: plainRegistry() });
    const image = await flatImage(plainRegistry(), name, "1");
    assert.deepEqual([...image.files.keys()].sort(), [
      "app",
      "app/Dockerfile",
      "app/data",
      "app/data/x",
      "app/more",
      "app/run",
    ]);
  });

  it("downloads the layers of a base once", async () => {
    const base = `${authRegistry()}/${uniqueName("base")}:1`;
    await build({ files, imageName: base, registry: authRegistry() });
    const cacheFolder = temporaryFolder();
    const name = uniqueName();
    const text = `FROM ${base}\nCOPY --chown=7 more /app/\n`;
    const contents: string[][] = [];
    const downloads: number[] = [];
    for (const more of ["1", "2"]) {
      const http = new CountingClient();
      const imageName = `${plainRegistry()}/${name}:${more}`;
      await build({ files: { Dockerfile: text, more }, imageName, registry: plainRegistry(), cacheFolder, http });
      contents.push([...(await flatImage(plainRegistry(), name, more)).files.keys()].sort());
      downloads.push(http.opened.length);
    }
    assert.deepEqual(contents[1], contents[0]);
    assert.equal(contents[0]?.length, 6);
    // To list its files, and to copy it into the other registry.
    assert.deepEqual(downloads, [2, 0]);
  });

  it("pushes a layer that it remembers to a repository that does not have it", async () => {
    const [root, cacheFolder] = [temporaryFolder(files), temporaryFolder()];
    const digests = new Set<string | undefined>();
    for (let round = 0; round < 6; round++) {
      const name = uniqueName();
      const imageName = `${plainRegistry()}/${name}:1`;
      digests.add((await build({ root, imageName, registry: plainRegistry(), cacheFolder })).digest);
      assert.equal((await flatImage(plainRegistry(), name, "1")).files.size, 5);
    }
    assert.equal(digests.size, 1);
  });

  it("writes one family of media types", async () => {
    for (const mediaTypes of ["oci", "docker"]) {
      const name = uniqueName();
      const imageName = `${plainRegistry()}/${name}:1`;
      await build({ files, imageName, registry: plainRegistry(), configuration: { mediaTypes } });
      for (const type of (await flatImage(plainRegistry(), name, "1")).mediaTypes)
        assert.match(type, mediaTypes === "oci" ? /^application\/vnd\.oci\./ : /^application\/vnd\.docker\./);
    }
  });

  it("puts several platforms into one index, and pushes every tag", async () => {
    const name = uniqueName();
    const imageName = `${plainRegistry()}/${name}:1`;
    const options = { platform: "linux/amd64,linux/arm64", tags: [`${plainRegistry()}/${name}:2`] };
    const text = "FROM scratch\nARG TARGETARCH\nCOPY run /$TARGETARCH\n";
    const { digest } = await build({
      files: { ...files, Dockerfile: text },
      imageName,
      registry: plainRegistry(),
      options,
    });
    const answer = await fetch(`http://${plainRegistry()}/v2/${name}/manifests/2`, {
      headers: { accept: "application/vnd.oci.image.index.v1+json" },
    });
    assert.equal(answer.headers.get("docker-content-digest"), digest);
    const { manifests } = (await answer.json()) as {
      manifests: { digest: string; platform: { os: string; architecture: string } }[];
    };
    const found: [string, string[]][] = [];
    for (const { digest: own, platform } of manifests)
      found.push([
        `${platform.os}/${platform.architecture}`,
        [...(await flatImage(plainRegistry(), name, own)).files.keys()],
      ]);
    assert.deepEqual(found, [
      ["linux/amd64", ["amd64"]],
      ["linux/arm64", ["arm64"]],
    ]);
  });

  it("gives what the build makes the time that SOURCE_DATE_EPOCH names", async () => {
    const name = uniqueName();
    const text = "FROM scratch\nARG SOURCE_DATE_EPOCH\nWORKDIR /w\nCOPY <<X /x\nx\nX\n";
    await build({
      files: { Dockerfile: text },
      imageName: `${plainRegistry()}/${name}:1`,
      registry: plainRegistry(),
      options: { buildArgs: { SOURCE_DATE_EPOCH: "1600000000" } },
    });
    const { config, files: found } = await flatImage(plainRegistry(), name, "1");
    assert.equal(config["created"], "2020-09-13T12:26:40Z");
    assert.equal(found.get("x")?.mtime, 1_600_000_000);
  });

  it("exports an OCI layout whose parts have their digests", async () => {
    const dest = join(temporaryFolder(), "image.tar");
    await build({ files, imageName: "app:1", options: { output: { type: "oci", dest } } });
    const parts = new Map<string, Buffer>();
    for await (const entry of Readable.from([readFileSync(dest)]).pipe(extract()))
      if (entry.header.type === "file") parts.set(entry.header.name, await buffer(entry));
      else entry.resume();
    for (const [name, bytes] of parts)
      if (name.startsWith("blobs/sha256/"))
        assert.equal(createHash("sha256").update(bytes).digest("hex"), name.slice("blobs/sha256/".length));
    const index = JSON.parse(parts.get("index.json")?.toString() ?? "") as { manifests: { digest: string }[] };
    const [top] = index.manifests;
    const manifest = JSON.parse(parts.get(`blobs/${top?.digest.replace(":", "/")}`)?.toString() ?? "") as {
      layers: { digest: string }[];
      config: { digest: string };
    };
    for (const { digest } of [manifest.config, ...manifest.layers])
      assert.ok(parts.has(`blobs/${digest.replace(":", "/")}`), digest);
    assert.ok(parts.has("oci-layout"));
  });
});
