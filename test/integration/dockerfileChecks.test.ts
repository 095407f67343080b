import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findIgnoreFile } from "../../src/core/context/files/ignoreFile";
import { checkDockerfile, type CheckedDockerfile } from "../../src/core/engine/checkDockerfile";
import { DockerCli } from "../support/dockerCli";
import { engineAt, given } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { useNewestEngine } from "../support/newestEngine";

/** A Dockerfile with the rules that BuildKit finds broken in it, and the files beside it. */
interface Case {
  readonly what: string;
  readonly dockerfile: string;
  readonly rules: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: CheckedDockerfile["options"];
  /** Words of an error in addition to the rules. */
  readonly error?: RegExp;
  /** Whether that error is of a registry, not of the Dockerfile. */
  readonly isOfRegistry?: true;
}

const cases: readonly Case[] = [
  { what: "no finding", dockerfile: "FROM scratch\nCOPY a.txt /\n", rules: [] },
  {
    what: "casing of instructions",
    dockerfile: "FROM scratch\ncopy a.txt /\nCOPY b.txt /\n",
    rules: ["ConsistentInstructionCasing"],
  },
  { what: "casing of AS", dockerfile: "FROM scratch as one\nCOPY a.txt /\n", rules: ["FromAsCasing"] },
  { what: "casing of a stage", dockerfile: "FROM scratch AS One\nCOPY a.txt /\n", rules: ["StageNameCasing"] },
  {
    what: "a stage name twice",
    dockerfile: "FROM scratch AS one\nCOPY a.txt /\nFROM scratch AS one\nCOPY b.txt /\n",
    rules: ["DuplicateStageName"],
  },
  { what: "a reserved stage name", dockerfile: "FROM scratch AS context\n", rules: ["ReservedStageName"] },
  {
    what: "a variable that is not declared",
    dockerfile: "FROM busybox:1.35\nCOPY $sourc /x\n",
    rules: ["UndefinedVar"],
  },
  {
    what: "an ARG of FROM that is not declared",
    dockerfile: "FROM busybox:${VERSION:-1.35}\nRUN true\n",
    rules: ["UndefinedArgInFrom"],
  },
  {
    what: "an ARG of FROM without a default",
    dockerfile: "ARG TAG\nFROM busybox:${TAG}\n",
    rules: ["InvalidDefaultArgInFrom"],
    options: { buildArgs: { TAG: "1.35" } },
  },
  {
    what: "commands in shell form",
    dockerfile: 'FROM busybox:1.35\nENTRYPOINT sleep 1\nCMD ["a"]\n',
    rules: ["JSONArgsRecommended"],
  },
  {
    what: "several commands",
    dockerfile: 'FROM busybox:1.35\nCMD ["a"]\nCMD ["b"]\n',
    rules: ["MultipleInstructionsDisallowed"],
  },
  {
    what: "a copied file that the folder's ignore file excludes",
    dockerfile: "# check=experimental=CopyIgnoredFile\nFROM scratch\nCOPY a.txt /\nADD logs/x.log /\n",
    files: { ".dockerignore": "*.txt\nlogs\n", "a.txt": "1", "logs/x.log": "2" },
    rules: ["CopyIgnoredFile", "CopyIgnoredFile"],
  },
  {
    what: "a copied file that only the Dockerfile's own ignore file excludes",
    dockerfile: "# check=experimental=all\nFROM scratch\nCOPY a.txt /\nCOPY b.txt /\n",
    files: { ".dockerignore": "b.txt\n", "Dockerfile.dockerignore": "# own\na.txt\n", "a.txt": "1", "b.txt": "2" },
    rules: ["CopyIgnoredFile"],
  },
  {
    what: "secrets in ARG and ENV",
    dockerfile: "FROM scratch\nARG API_TOKEN\nENV DB_PASSWORD=x\n",
    rules: ["SecretsUsedInArgOrEnv", "SecretsUsedInArgOrEnv"],
  },
  { what: "the old form of ENV", dockerfile: "FROM scratch\nENV A 1\n", rules: ["LegacyKeyValueFormat"] },
  {
    what: "a relative WORKDIR",
    dockerfile: "FROM scratch\nWORKDIR app\n",
    rules: ["WorkdirRelativePath"],
  },
  {
    what: "an empty line in a continuation",
    dockerfile: "FROM busybox:1.35\nRUN echo a \\\n\n  && echo b\n",
    rules: ["NoEmptyContinuation"],
  },
  { what: "MAINTAINER", dockerfile: "FROM scratch\nMAINTAINER me\n", rules: ["MaintainerDeprecated"] },
  {
    what: "a platform that is constant or the target's",
    dockerfile: "FROM --platform=$TARGETPLATFORM busybox:1.35 AS a\nFROM --platform=linux/amd64 busybox:1.35 AS b\n",
    rules: ["RedundantTargetPlatform", "FromPlatformFlagConstDisallowed"],
  },
  {
    what: "rules that `# check=skip` turns off",
    dockerfile: "# check=skip=StageNameCasing,FromAsCasing\nFROM scratch as One\nMAINTAINER me\n",
    rules: ["MaintainerDeprecated"],
  },
  { what: "all rules turned off", dockerfile: "# check=skip=all\nFROM scratch as One\nMAINTAINER me\n", rules: [] },
  {
    what: "warnings as errors",
    dockerfile: "# check=error=true\nFROM scratch as one\n",
    rules: ["FromAsCasing"],
    error: /lint violation/,
  },
  {
    what: "an unknown instruction",
    dockerfile: "FROM scratch as one\nCOPPY a.txt /\n",
    rules: ["FromAsCasing"],
    error: /unknown instruction: COPPY/,
  },
  {
    what: "an instruction that lacks an argument, below a long one",
    dockerfile: "FROM scratch\nCOPY \\\n  a.txt \\\n  b.txt \\\n  /x/\nCOPY a.txt\n",
    rules: [],
    error: /COPY requires at least two arguments/,
  },
  {
    what: "a base image whose registry can't be reached",
    dockerfile: "FROM registry.invalid/base as one\nCOPY a.txt /\n",
    rules: ["FromAsCasing"],
    error: /registry\.invalid/,
    isOfRegistry: true,
  },
  {
    what: "the target's stage only",
    dockerfile: "FROM scratch AS one\nWORKDIR app\nFROM scratch AS two\nWORKDIR lib\n",
    rules: ["WorkdirRelativePath"],
    options: { target: "one" },
  },
];

/** The same fields of our finding and of `docker build --check`. */
interface Told {
  readonly rule: string;
  readonly message: string;
  readonly url: string;
  readonly line: number;
  readonly endLine: number;
}

describe("the checks of a Dockerfile", function () {
  this.timeout(60_000);
  let cli: DockerCli;
  const { signal } = new AbortController();
  after(removeTemporaryFolders);

  /** Checks text that need not be what the folder's Dockerfile contains. */
  async function check(
    root: string,
    text: string,
    options: CheckedDockerfile["options"] = {},
    host = given("DOCKER_HOST"),
  ) {
    const file = join(root, "Dockerfile");
    const ignored = findIgnoreFile({ root, dockerfile: file, builder: "buildkit" });
    return checkDockerfile(
      await engineAt(host).client(),
      {
        dockerfile: { file, name: "Dockerfile", bytes: Buffer.from(text), text },
        ignoreFile: ignored === undefined ? undefined : readFileSync(ignored),
        options,
      },
      signal,
    );
  }

  describe("of a daemon that has them", () => {
    useNewestEngine();
    before(async () => {
      cli = await DockerCli.of("28");
    });

    for (const { what, dockerfile, rules, files = {}, options = {}, error, isOfRegistry } of cases) {
      it(`are those of docker build --check: ${what}`, async () => {
        const root = temporaryFolder({ Dockerfile: dockerfile, ...files });
        const flags = [
          ...Object.entries(options.buildArgs ?? {}).map(([name, value]) => `--build-arg=${name}=${value}`),
          ...(options.target === undefined ? [] : [`--target=${options.target}`]),
        ];
        const [found = [], theirs] = await Promise.all([check(root, dockerfile, options), cli.check(root, flags)]);
        assert.deepEqual(found.map(toldOf).sort(inOrder), toldByDocker(theirs).sort(inOrder));
        assert.deepEqual(found.flatMap(({ rule }) => rule ?? []).sort(), [...rules].sort());
        const errors = found.filter(({ severity }) => severity === "error");
        assert.equal(errors.length, error ? 1 : 0, JSON.stringify(errors));
        if (error) assert.match(errors[0]?.message ?? "", error);
        assert.equal(errors[0]?.isOfRegistry, isOfRegistry, JSON.stringify(errors));
        assert.ok(found.every(({ location }) => location.file === join(root, "Dockerfile")));
      });
    }

    it("are of the given text and ignore file, not of those on disk", async () => {
      const root = temporaryFolder({ Dockerfile: "FROM scratch\n" });
      const found = await check(root, "FROM scratch\n\nMAINTAINER me\n");
      assert.deepEqual(
        found?.map(({ rule, location: { line } }) => [rule, line]),
        [["MaintainerDeprecated", 3]],
      );
    });

    it("don't run for a frontend that is not Docker's", async () => {
      assert.equal(await check(temporaryFolder({}), "# syntax=example.com/mine\nFROM scratch as one\n"), undefined);
    });

    it("don't run for more than 1 MiB, which the daemon would return with each answer", async () => {
      const text = `FROM scratch as one\n${"# a comment\n".repeat(100_000)}`;
      assert.equal(await check(temporaryFolder({}), text), undefined);
    });

    it("end when they are canceled", async () => {
      const client = await engineAt(given("DOCKER_HOST")).client();
      const text = "FROM scratch as one\n";
      const canceling = new AbortController();
      const checking = checkDockerfile(
        client,
        { dockerfile: { file: "/x/Dockerfile", name: "Dockerfile", bytes: Buffer.from(text), text }, options: {} },
        canceling.signal,
      );
      setImmediate(() => canceling.abort(new Error("typed on")));
      await assert.rejects(checking, /typed on/);
    });
  });

  it("don't leave this machine", async () => {
    // Nothing listens there, so a connection would fail.
    assert.equal(await check(temporaryFolder({}), "FROM scratch as one\n", {}, "tcp://127.0.0.1:1"), undefined);
  });

  it("are none where the daemon's BuildKit has none", async () => {
    assert.equal(await check(temporaryFolder({}), "FROM scratch as one\n"), undefined);
  });
});

function toldOf({
  rule,
  message,
  url,
  location: { line, endLine },
}: NonNullable<Awaited<ReturnType<typeof checkDockerfile>>>[number]): Told {
  return { rule: rule ?? "", message, url: url ?? "", line, endLine: endLine ?? line };
}

function toldByDocker(result: unknown): Told[] {
  interface Location {
    readonly ranges?: readonly { readonly start: { line: number }; readonly end: { line: number } }[];
  }
  const { warnings, buildError } = result as {
    readonly warnings?: readonly { ruleName: string; detail: string; url: string; location: Location }[];
    readonly buildError?: { readonly message: string; readonly location: Location };
  };
  const lines = ({ ranges = [] }: Location) => ({
    line: ranges[0]?.start.line ?? 1,
    endLine: ranges.at(-1)?.end.line ?? 1,
  });
  return [
    ...(warnings ?? []).map(({ ruleName, detail, url, location }) => ({
      rule: ruleName,
      message: detail,
      url,
      ...lines(location),
    })),
    ...(buildError ? [{ rule: "", message: buildError.message, url: "", ...lines(buildError.location) }] : []),
  ];
}

function inOrder(one: Told, other: Told): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
