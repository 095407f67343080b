import assert from "node:assert/strict";
import { Writer } from "protobufjs/minimal";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import type { BuildJob } from "../../../src/core/engine/buildJob";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { decodeHostGateway, encodeSolveRequest } from "../../../src/core/engine/solveRequest";
import { decode } from "../../support/grpc";

const dockerfile = { file: "/x/Dockerfile.web", name: "Dockerfile.web", bytes: Buffer.alloc(0), text: "FROM a\n" };

function encode(options: BuildOptions, hostGateway: readonly string[] = []): Uint8Array {
  const job = { options, imageNames: ["a:1", "b:2"] } as unknown as BuildJob;
  return encodeSolveRequest("ref", { job, dockerfile, sessionId: "id", exporter: undefined, hostGateway });
}

const repeatedBytes = (message: Uint8Array, field: number) => (decode(message).get(field) ?? []) as Buffer[];
const texts = (message: Uint8Array, field: number) => repeatedBytes(message, field).map(String);
const pairs = (message: Uint8Array, field: number) =>
  Object.fromEntries(repeatedBytes(message, field).map((pair) => [texts(pair, 1)[0], texts(pair, 2)[0] ?? ""]));
const cacheExports = (request: Uint8Array) =>
  repeatedBytes(repeatedBytes(request, 8)[0] ?? new Uint8Array(), 4).map((entry) => ({
    type: texts(entry, 1)[0],
    ...pairs(entry, 2),
  }));

describe("a request to BuildKit", () => {
  it("asks for an image of the daemon under all its names", () => {
    const request = encode({});
    assert.deepEqual(
      [texts(request, 1), texts(request, 3), pairs(request, 4), texts(request, 5), texts(request, 6)],
      [["ref"], ["moby"], { name: "a:1,b:2" }, ["id"], ["dockerfile.v0"]],
    );
  });

  for (const isInsecure of [false, true]) {
    it(`asks BuildKit to push the image under all its names${isInsecure ? ", also without TLS" : ""}`, () => {
      const job = { options: {}, imageNames: ["r/a:1", "r/b:2"], push: { isInsecure } } as unknown as BuildJob;
      const request = encodeSolveRequest("ref", { job, dockerfile, sessionId: "id", exporter: undefined });
      assert.deepEqual(
        [texts(request, 3), pairs(request, 4)],
        [
          ["image"],
          {
            name: "r/a:1,r/b:2",
            push: "true",
            "oci-mediatypes": "true",
            ...(isInsecure && { "registry.insecure": "true" }),
          },
        ],
      );
    });
  }

  it("has every option that BuildKit knows", () => {
    const request = encode({
      target: "app",
      platform: "linux/arm64",
      noCacheFilter: ["a", "b"],
      pull: true,
      networkMode: "host",
      cacheFrom: ["c:1", "type=registry,ref=d:1"],
      extraHosts: ["one:10.0.0.1", "two=::1"],
      shmSizeBytes: 5,
      ulimits: ["nofile=1:2", "nproc=3"],
      buildArgs: { A: "b,c=d" },
      labels: { "org.x": "y" },
    });
    assert.deepEqual(pairs(request, 7), {
      filename: "Dockerfile.web",
      target: "app",
      platform: "linux/arm64",
      "image-resolve-mode": "pull",
      "no-cache": "a,b",
      "cache-from": "c:1,d:1",
      "force-network-mode": "host",
      "add-hosts": "one=10.0.0.1,two=::1",
      "shm-size": "5",
      ulimit: "nofile=1:2,nproc=3",
      "build-arg:A": "b,c=d",
      "label:org.x": "y",
    });
    assert.deepEqual(texts(request, 9), ["network.host"]);
  });

  it("asks for no newer images, and builds all again, where that is wanted", () => {
    assert.deepEqual(pairs(encode({ noCache: true, networkMode: "default" }), 7), {
      filename: "Dockerfile.web",
      "image-resolve-mode": "local",
      "no-cache": "",
    });
  });

  it("sends the cache where it is to go, and within the image also by the build argument for it", () => {
    assert.deepEqual(cacheExports(encode({ cacheTo: ["type=registry,ref=c:1,mode=max", "type=inline"] })), [
      { type: "registry", ref: "c:1", mode: "max" },
      { type: "inline" },
    ]);
    for (const value of ["1", "true", "T"])
      assert.deepEqual(
        cacheExports(encode({ buildArgs: { BUILDKIT_INLINE_CACHE: value } })),
        [{ type: "inline" }],
        value,
      );
    assert.deepEqual(cacheExports(encode({ cacheTo: ["type=inline"], buildArgs: { BUILDKIT_INLINE_CACHE: "1" } })), [
      { type: "inline" },
    ]);
    assert.deepEqual(cacheExports(encode({ buildArgs: { BUILDKIT_INLINE_CACHE: "0" } })), []);
  });

  it("replaces host-gateway by each address of the host", () => {
    assert.equal(
      pairs(encode({ extraHosts: ["db:host-gateway", "x:1.2.3.4"] }, ["10.0.0.1", "fd00::1"]), 7)["add-hosts"],
      "db=10.0.0.1,db=fd00::1,x=1.2.3.4",
    );
  });

  it("is refused with a network that BuildKit does not have, and tells which it has", () => {
    assert.throws(
      () => encode({ networkMode: "mine" }),
      (error) =>
        ImageBuilderError.is(error, "optionInvalid") &&
        error.message ===
          'BuildKit doesn\'t support the network mode "mine". ' +
            'Choose "default", "host" or "none", or use the classic builder, which accepts the name of any network.',
    );
  });
});

describe("what BuildKit tells of its host", () => {
  const workers = (labels: Readonly<Record<string, string>>) => {
    const writer = Writer.create().uint32(10).fork().uint32(10).string("worker");
    for (const [name, value] of Object.entries(labels))
      writer.uint32(18).fork().uint32(10).string(name).uint32(18).string(value).ldelim();
    return writer.ldelim().finish();
  };

  it("is its addresses, if it tells them", () => {
    const who = "The daemon";
    const label = "org.mobyproject.buildkit.worker.moby.host-gateway-ip";
    assert.deepEqual(decodeHostGateway(workers({ other: "x", [label]: "172.17.0.1" }), who), ["172.17.0.1"]);
    assert.deepEqual(decodeHostGateway(workers({ [label]: "172.17.0.1,fd00::1,nonsense" }), who), [
      "172.17.0.1",
      "fd00::1",
    ]);
    assert.deepEqual(decodeHostGateway(workers({ other: "x" }), who), []);
    assert.deepEqual(decodeHostGateway(new Uint8Array(), who), []);
  });
});
