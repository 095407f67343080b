import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "mocha";
import { ImageBuilderError } from "../../src/core/base/errors";
import {
  familiarName,
  imageNameProblem,
  ownsImageName,
  parseImageReference,
  qualifiedName,
  qualifyImageName,
  registryHost,
  withTag,
} from "../../src/core/base/imageReference";
import { sanitizeImageName, sanitizeTag } from "../../src/core/base/sanitizeName";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("parseImageReference [Z98][Z106]", () => {
  const valid: [text: string, qualified: string, familiar: string][] = [
    ["app", "docker.io/library/app", "app"],
    ["app:1", "docker.io/library/app:1", "app:1"],
    ["team/app:1.0-rc_1", "docker.io/team/app:1.0-rc_1", "team/app:1.0-rc_1"],
    ["docker.io/app", "docker.io/library/app", "app"],
    ["index.docker.io/team/app", "docker.io/team/app", "team/app"],
    ["library/app", "docker.io/library/app", "app"],
    ["docker.io/library/a/b", "docker.io/library/a/b", "library/a/b"],
    ["localhost/app", "localhost/app", "localhost/app"],
    ["localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"],
    ["localhost:5000/app", "localhost:5000/app", "localhost:5000/app"],
    ["Registry/app", "Registry/app", "Registry/app"],
    ["127.0.0.1:5000/a/b/c:2", "127.0.0.1:5000/a/b/c:2", "127.0.0.1:5000/a/b/c:2"],
    ["[::1]:5000/app:x", "[::1]:5000/app:x", "[::1]:5000/app:x"],
    ["a--b/c__d/e_f.g", "docker.io/a--b/c__d/e_f.g", "a--b/c__d/e_f.g"],
    [`app:1@${digest}`, `docker.io/library/app:1@${digest}`, `app:1@${digest}`],
    [`ghcr.io/team/app@${digest}`, `ghcr.io/team/app@${digest}`, `ghcr.io/team/app@${digest}`],
    [`app:${"x".repeat(128)}`, `docker.io/library/app:${"x".repeat(128)}`, `app:${"x".repeat(128)}`],
  ];
  for (const [text, qualified, familiar] of valid) {
    it(`"${text.slice(0, 60)}" is ${qualified.slice(0, 60)}`, () => {
      const reference = parseImageReference(text);
      assert.equal(qualifiedName(reference), qualified);
      assert.equal(familiarName(reference), familiar);
      assert.deepEqual(parseImageReference(qualified), reference);
      assert.equal(`${reference.host}/${reference.path}`, reference.name);
    });
  }

  const invalid: [text: string, reason: RegExp][] = [
    ["", /empty/],
    ["my app", /white space/],
    ["app\n", /white space/],
    ["https://ghcr.io/app", /begins with a URL scheme\. Use "ghcr\.io\/app"/],
    ["App:1", /must be lowercase\. Use "app"/],
    ["ghcr.io/Team/App", /must be lowercase\. Use "team\/app"/],
    ["app:", /tag after ":" is empty/],
    ["app:1:2", /more than one ":"/],
    ["ghcr.io/app:1/b", /tag must come last\. Move ":1"/],
    ["app:.1", /tag "\.1" is not valid/],
    ["app:a+b", /tag "a\+b" is not valid/],
    [`app:${"x".repeat(129)}`, /129 characters/],
    ["a//b", /has an extra "\/"/],
    ["/app", /has an extra "\/"/],
    ["app/", /has an extra "\/"/],
    ["ghcr.io/", /repository is missing/],
    [":1", /repository is missing/],
    ["a..b", /Try "a-b"/],
    ["a___b", /Try "a-b"/],
    ["-app", /Try "app"/],
    ["a$b", /contains "\$"/],
    ["Über/app", /"Über" is not a valid host/],
    ["über", /contains "ü"/],
    ["-x.io/app", /"-x\.io" is not a valid host/],
    ["x.io:port/app", /"x\.io:port" is not a valid host/],
    ["[::1/app", /is not a valid host/],
    ["f".repeat(64), /image ID/],
    ["app@sha256:12", /"sha256:12" is not a digest/],
    [`app@${digest}@${digest}`, /is not a digest/],
    [`app@${digest.toUpperCase()}`, /is not a digest/],
    ["a".repeat(240), /including its host, has 258 characters\. The maximum is 255/],
  ];
  for (const [text, reason] of invalid) {
    it(`"${text.slice(0, 60)}" is refused with the reason ${reason.source}`, () => {
      assert.match(imageNameProblem(text) ?? "", reason);
      assert.throws(
        () => parseImageReference(text),
        (error) => ImageBuilderError.is(error, "imageNameInvalid") && error.message.includes(`"${text}"`),
      );
    });
  }

  it("agrees with Distribution's own expression on random names", () => {
    // The anchored expression of github.com/distribution/reference, written out; what its code adds is asked for below.
    const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    const component = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
    const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
    const grammar = new RegExp(`^(?:${host}/)?${component}(?:/${component})*(?::\\w[\\w.-]{0,127})?$`);
    const parts = ["a", "b1", "A", "x.io", "localhost", ":", ":5", "/", ".", "_", "-", "[", "::1", "]", "@"];
    const random = randomNumbers();
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + random.next(7) }, () => parts[random.next(parts.length)]).join("");
      const first = text.slice(0, Math.max(0, text.indexOf("/")));
      const firstIsHost = /[.:]/.test(first) || first === "localhost" || /[A-Z]/.test(first);
      const repository = firstIsHost ? text.slice(first.length + 1) : text;
      // The expression alone would take "x.io__y/app" for a path on Docker Hub, which Docker's code before it does not.
      const expected =
        grammar.test(text) &&
        grammar.test(`x.io/${repository}`) &&
        (!firstIsHost || new RegExp(`^${host}$`).test(first));
      assert.equal(imageNameProblem(text) === undefined, expected, `"${text}" (seed ${random.seed})`);
      if (expected) accepted++;
    }
    assert.ok(accepted > 500, `only ${accepted} names were valid (seed ${random.seed})`);
  });
});

describe("withTag", () => {
  it("replaces the tag and drops the digest", () => {
    assert.equal(qualifiedName(withTag(parseImageReference(`ghcr.io/app:1@${digest}`), "2")), "ghcr.io/app:2");
  });

  it("refuses what is no tag", () => {
    assert.throws(
      () => withTag(parseImageReference("app"), "a b"),
      (error) => ImageBuilderError.is(error, "imageNameInvalid"),
    );
  });
});

describe("registryHost", () => {
  const hosts: [uri: string, host: string][] = [
    ["ghcr.io/team", "ghcr.io"],
    ["https://ghcr.io/", "ghcr.io"],
    ["127.0.0.1:5000/team/", "127.0.0.1:5000"],
    ["http://localhost:5000", "localhost:5000"],
    ["[::1]:5000", "[::1]:5000"],
    ["docker.io/user", "docker.io"],
    ["https://index.docker.io/v1/", "docker.io"],
    ["registry-1.docker.io", "docker.io"],
    ["GHCR.io", "ghcr.io"],
  ];
  for (const [uri, host] of hosts) it(`"${uri}" is on ${host}`, () => assert.equal(registryHost(uri), host));

  for (const uri of [
    "",
    "registry",
    "team/app",
    "x.io:p",
    "ghcr.io/Team",
    "ghcr.io//a",
    "ftp://ghcr.io",
    "user:secret@ghcr.io",
    "ghcr.io/a b",
  ]) {
    it(`"${uri}" is refused without telling a password`, () => {
      assert.throws(
        () => registryHost(uri),
        (error) =>
          ImageBuilderError.is(error, "configurationInvalid") &&
          error.message.includes(uri.replace("user:secret", "***")),
      );
    });
  }
});

describe("ownsImageName [Z127]", () => {
  const rows: [registry: string, image: string, owned: boolean][] = [
    ["ghcr.io/org", "ghcr.io/org/x:1", true],
    ["ghcr.io/org", "ghcr.io/org2/x:1", false],
    ["ghcr.io/org/", "ghcr.io/org/deep/x", true],
    ["ghcr.io", "ghcr.io/x", true],
    ["ghcr.io", "ghcr.io.evil.example/x", false],
    ["GHCR.io", "ghcr.io/x", true],
    ["127.0.0.1:5000", "127.0.0.1:50001/x", false],
    ["127.0.0.1:5000", "x", false],
    ["docker.io/user", "user/app", true],
    ["docker.io/user", "app", false],
    ["index.docker.io/user", "docker.io/user/app:1", true],
    ["docker.io/user", "registry-1.docker.io/user/app", true],
    ["https://index.docker.io/v1/", "user/app", true],
    ["localhost:5000/app", "localhost:5000/app:1", true],
  ];
  for (const [registry, image, owned] of rows) {
    it(`${registry} ${owned ? "owns" : "does not own"} ${image}`, () =>
      assert.equal(ownsImageName(registry, image), owned));
  }
});

describe("qualifyImageName", () => {
  const rows: [name: string, registry: string, qualified: string][] = [
    ["app:1", "127.0.0.1:5000/team/", "127.0.0.1:5000/team/app:1"],
    ["team/app:1", "ghcr.io", "ghcr.io/team/app:1"],
    ["127.0.0.1:5000/team/app:1", "127.0.0.1:5000/team", "127.0.0.1:5000/team/app:1"],
    ["app", "https://ghcr.io/team", "ghcr.io/team/app"],
    ["app:1", "docker.io/user", "docker.io/user/app:1"],
    ["user/app:1", "docker.io/user", "user/app:1"],
    ["app:1", "https://index.docker.io/v1/", "app:1"],
    [`app@${digest}`, "[::1]:5000", `[::1]:5000/app@${digest}`],
  ];
  for (const [name, registry, qualified] of rows) {
    it(`${name.slice(0, 20)} for ${registry} is ${qualified.slice(0, 40)}`, () => {
      assert.equal(qualifyImageName(name, registry), qualified);
      assert.equal(qualifyImageName(qualified, registry), qualified);
    });
  }

  for (const [name, registry] of [
    ["ghcr.io/org2/x", "ghcr.io/org"],
    ["docker.io/user/x", "ghcr.io"],
    ["other/app", "docker.io/user"],
  ] as const) {
    it(`${name} is foreign to ${registry}, and both are named`, () => {
      assert.throws(
        () => qualifyImageName(name, registry),
        (error) =>
          ImageBuilderError.is(error, "imageForeign") &&
          error.message.includes(name) &&
          error.message.includes(registry),
      );
    });
  }

  it("a name that becomes too long is refused", () => {
    assert.throws(
      () => qualifyImageName("a".repeat(230), `ghcr.io/${"b".repeat(30)}`),
      (error) => ImageBuilderError.is(error, "imageNameInvalid"),
    );
  });
});

describe("sanitizeImageName", () => {
  const rows: [text: string, name: string][] = [
    ["My Folder (1)", "my-folder-1"],
    ["Été", "ete"],
    ["a__b.c-d", "a__b.c-d"],
    ["_private_", "private"],
    ["日本", "image"],
    ["", "image"],
  ];
  for (const [text, name] of rows) it(`"${text}" becomes "${name}"`, () => assert.equal(sanitizeImageName(text), name));

  it("makes a valid name of anything, and keeps what it made", () => {
    const random = randomNumbers();
    for (let round = 0; round < 5_000; round++) {
      const text = String.fromCodePoint(
        ...Array.from({ length: random.next(200) }, () => random.next(random.next(2) ? 128 : 0x2fff)),
      );
      const name = sanitizeImageName(text);
      assert.equal(imageNameProblem(name), undefined, `${JSON.stringify(text)} (seed ${random.seed})`);
      assert.equal(sanitizeImageName(name), name, `${JSON.stringify(text)} (seed ${random.seed})`);
    }
    assert.equal(imageNameProblem(sanitizeImageName("f".repeat(64))), undefined);
  });
});

describe("sanitizeTag [Z114]", () => {
  const rows: [text: string, tag: string][] = [
    ["feature/Login #7", "featureLogin7"],
    ["-x", "_x"],
    [".x", "_x"],
    ["v1.2_3-4", "v1.2_3-4"],
    ["x".repeat(200), "x".repeat(128)],
  ];
  for (const [text, tag] of rows)
    it(`"${text.slice(0, 30)}" becomes "${tag.slice(0, 30)}"`, () => assert.equal(sanitizeTag(text), tag));

  it("refuses text of which nothing remains", () => {
    assert.throws(
      () => sanitizeTag("/ü "),
      (error) => ImageBuilderError.is(error, "imageNameInvalid"),
    );
  });
});

/** Repeatable random whole numbers (mulberry32); a failure prints the seed. */
function randomNumbers(seed = randomBytes(4).readUInt32LE()): { readonly seed: number; next(below: number): number } {
  let state = seed;
  return {
    seed,
    next(below) {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
    },
  };
}
