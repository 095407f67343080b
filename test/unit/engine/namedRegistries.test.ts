import assert from "node:assert/strict";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import { NamedRegistries } from "../../../src/core/session/namedRegistries";

const of = (text: string, options: BuildOptions = {}): NamedRegistries => NamedRegistries.ofBuild({ text }, options);

describe("the registries that a build names", () => {
  const cases: readonly (readonly [truth: string, text: string, hosts: readonly string[], options?: BuildOptions])[] = [
    [
      "of base images, Docker Hub under one name",
      "FROM app\nFROM index.docker.io/x/y\nFROM registry-1.docker.io/x/y\nFROM GHCR.io/x\n",
      ["docker.io", "ghcr.io"],
    ],
    ["of the frontend", "# syntax=quay.io/x/y\nFROM scratch\n", ["quay.io"]],
    [
      "of caches",
      "FROM scratch\n",
      ["ghcr.io", "quay.io", "localhost:5000"],
      {
        cacheFrom: ["ghcr.io/x/y", "type=registry,ref=quay.io/x/y"],
        cacheTo: ["type=registry,mode=max,ref=localhost:5000/c"],
      },
    ],
    ["not of an inline cache", "FROM scratch\n", [], { cacheTo: ["type=inline"] }],
    ["not of what is no image's name", "FROM https://evil.example/x\nFROM ../x\nFROM a b c\n", ["docker.io"]],
  ];
  for (const [truth, text, hosts, options] of cases)
    it(`are those ${truth}`, () => assert.deepEqual(of(text, options).hosts, hosts));

  it("are those to which BuildKit pushes, with a token to push there and nowhere else", () => {
    const named = NamedRegistries.ofBuild({ text: "FROM ghcr.io/x/base\n" }, {}, ["ghcr.io/x/app:1"]);
    assert.deepEqual(named.hosts, ["ghcr.io"]);
    assert.deepEqual(named.neededScopes("ghcr.io", ["repository:x/app:pull,push", "repository:x/base:pull,push"]), [
      "repository:x/app:pull,push",
      "repository:x/base:pull",
    ]);
  });

  const scopes: readonly (readonly [
    truth: string,
    text: string,
    host: string,
    asked: readonly string[],
    needed: readonly string[],
    options?: BuildOptions,
  ])[] = [
    ["to pull what is named", "FROM ghcr.io/x/y\n", "ghcr.io", ["repository:x/y:pull"], ["repository:x/y:pull"]],
    [
      "to pull Docker Hub's own",
      "FROM app\n",
      "docker.io",
      ["repository:library/app:pull,push"],
      ["repository:library/app:pull"],
    ],
    [
      "not to pull what only begins alike",
      "FROM ghcr.io/x/y\n",
      "ghcr.io",
      ["repository:x/yy:pull", "repository:x:pull", "repository:x/y/z:pull"],
      [],
    ],
    ["not to pull the same of another registry", "FROM ghcr.io/x/y\n", "quay.io", ["repository:x/y:pull"], []],
    [
      "to pull what the platform completes",
      "FROM ghcr.io/x/base-${TARGETARCH}\nFROM app-$TARGETOS\n",
      "ghcr.io",
      ["repository:x/base-arm64:pull", "repository:x/base:pull", "repository:y/base-arm64:pull"],
      ["repository:x/base-arm64:pull"],
    ],
    [
      "to push caches that are written",
      "FROM scratch\n",
      "ghcr.io",
      ["repository:c:push,pull,delete", "repository:d:pull,push"],
      ["repository:c:push,pull", "repository:d:pull"],
      { cacheTo: ["type=registry,ref=ghcr.io/c"], cacheFrom: ["ghcr.io/d"] },
    ],
    [
      "of repositories only",
      "FROM ghcr.io/x/y\n",
      "ghcr.io",
      ["registry:catalog:*", "repository(plugin):x/y:pull", "repository:x/y", "repository:x/y:pull:more", ""],
      [],
    ],
    [
      "to pull anything where a name is hidden",
      "FROM ${TARGETARCH%x}\n",
      "ghcr.io",
      ["repository:x/y:pull,push"],
      ["repository:x/y:pull"],
    ],
  ];
  for (const [truth, text, host, asked, needed, options] of scopes)
    it(`need a token ${truth}`, () => assert.deepEqual(of(text, options).neededScopes(host, asked), needed));

  it("are found in time in a name of many variables", () => {
    const named = of(`FROM ghcr.io/${"a${TARGETARCH}".repeat(4000)}\n`);
    const started = performance.now();
    assert.deepEqual(
      named.neededScopes("ghcr.io", [`repository:${"a".repeat(255)}:pull`, `repository:${"a".repeat(1_000_000)}:pull`]),
      [],
    );
    assert.ok(performance.now() - started < 1000);
  });
});
