import assert from "node:assert/strict";
import { join } from "node:path";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { listBuildxInstances, readBuildxInstance } from "../../../src/core/builders/buildxInstance";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

/** A file as buildx 0.29 writes it. */
const stored = (driver: string, nodes: readonly object[], name = "Pool"): string =>
  JSON.stringify({ Name: name, Driver: driver, Nodes: nodes, Dynamic: false });
const node = (more: object): object => ({
  Name: "pool0",
  Endpoint: "default",
  Platforms: null,
  DriverOpts: null,
  Flags: null,
  Files: null,
  ...more,
});

describe("a builder of buildx", () => {
  after(removeTemporaryFolders);

  const read = (files: Readonly<Record<string, string>>, name = "Pool") =>
    readBuildxInstance(name, { BUILDX_CONFIG: temporaryFolder(files) });

  it("with the driver docker-container is its containers, at the Docker daemon of each", async () => {
    const text = stored("docker-container", [
      node({ Platforms: [{ architecture: "arm", os: "linux", variant: "v7" }] }),
      node({ Name: "pool1", Endpoint: "tcp://far.example:2376" }),
    ]);
    assert.deepEqual(await read({ "instances/pool": text }), [
      {
        endpoint: "docker-container://buildx_buildkit_pool0",
        docker: "default",
        platforms: ["linux/arm/v7"],
      },
      { endpoint: "docker-container://buildx_buildkit_pool1", docker: "tcp://far.example:2376" },
    ]);
  });

  it("with the driver remote is its addresses, with their TLS files", async () => {
    const DriverOpts = { cacert: "/ca.pem", cert: "/c.pem", key: "/k.pem", servername: "b", "default-load": "true" };
    const text = stored("remote", [
      node({ Endpoint: "tcp://b.example:1234", DriverOpts }),
      node({ Name: "pool1", Endpoint: "unix:///b.sock" }),
    ]);
    assert.deepEqual(JSON.parse(JSON.stringify(await read({ "instances/pool": text }))), [
      { endpoint: "tcp://b.example:1234", ca: "/ca.pem", cert: "/c.pem", key: "/k.pem", servername: "b" },
      { endpoint: "unix:///b.sock" },
    ]);
  });

  it("is found in Docker's configuration folder, or in the home folder", async () => {
    const file = stored("remote", [node({ Endpoint: "unix:///b.sock" })]);
    const home = temporaryFolder({ ".docker/buildx/instances/pool": file, "else/buildx/instances/pool": file });
    assert.equal((await readBuildxInstance("pool", {}, home)).length, 1);
    assert.equal((await readBuildxInstance("pool", { DOCKER_CONFIG: join(home, "else") }, "/nonexistent")).length, 1);
  });

  it("is listed with its addresses, but not if it can't be used", async () => {
    const BUILDX_CONFIG = temporaryFolder({
      "instances/pool": stored("remote", [
        node({ Endpoint: "tcp://a.example:1" }),
        node({ Endpoint: "unix:///b.sock" }),
      ]),
      "instances/box": stored("docker-container", [node({})]),
      "instances/cluster": stored("kubernetes", [node({})]),
      "instances/daemon": stored("docker", [node({})]),
      "instances/broken": "{",
    });
    assert.deepEqual(await listBuildxInstances({ BUILDX_CONFIG }), [
      { name: "box", addresses: ["default"] },
      { name: "pool", addresses: ["tcp://a.example:1", "unix:///b.sock"] },
    ]);
    assert.deepEqual(await listBuildxInstances({ BUILDX_CONFIG: temporaryFolder() }), []);
  });

  const refused: readonly (readonly [why: string, files: Readonly<Record<string, string>>, words: RegExp])[] = [
    [
      "does not exist",
      { "instances/a": "", "instances/b": "" },
      /no buildx builder "Pool" .* one of "a", "b", or create/,
    ],
    ["does not exist, as no other does", {}, /no buildx builder "Pool" in .*\. Create it with "docker buildx create/],
    ["is no JSON", { "instances/pool": "{" }, /has an invalid file/],
    ["is of another form", { "instances/pool": '{"Driver":1}' }, /has an invalid file/],
    ["is a folder", { "instances/pool/x": "" }, /can't be read from/],
    ["has no nodes", { "instances/pool": stored("remote", []) }, /has no nodes/],
    ["uses Docker", { "instances/pool": stored("docker", [node({})]) }, /Docker daemon itself.*"local"/],
    ["uses Kubernetes", { "instances/pool": stored("kubernetes", [node({})]) }, /driver "kubernetes", which isn't/],
    [
      "has an address of another kind",
      { "instances/pool": stored("remote", [node({ Endpoint: "kube-pod://p" })]) },
      /address "kube-pod:\/\/p", which isn't supported/,
    ],
  ];
  for (const [why, files, words] of refused) {
    it(`that ${why} is refused in plain words`, async () => {
      await assert.rejects(
        read(files),
        (error) => ImageBuilderError.is(error, "configurationInvalid") && words.test(error.message),
      );
    });
  }
});
