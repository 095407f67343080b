import assert from "node:assert/strict";
import { parseDockerfile } from "../../../src/core/dockerfile/parseDockerfile";
import { applySetting, type SettingPlace } from "../../../src/core/embedded/image/applySetting";
import { exposedPorts } from "../../../src/core/embedded/image/exposedPorts";
import { goDuration, goQuote, goQuoteNumber, parseGoDuration } from "../../../src/core/embedded/image/goFormat";
import { emptyState, readImageState, writeImageState } from "../../../src/core/embedded/image/imageConfig";
import { isSignal } from "../../../src/core/embedded/image/signals";
import { ObstacleError } from "../../../src/core/embedded/plan/obstacle";
import { planBuild } from "../../../src/core/embedded/plan/planBuild";
import { BuildVariables } from "../../../src/core/embedded/plan/variables";

const question = { platform: "linux/amd64", buildPlatform: "linux/amd64", buildArgs: { GIVEN: "g" } };

function apply(lines: string): { place: SettingPlace; history: (string | undefined)[] } {
  const plan = planBuild("ARG GLOBAL=all\nFROM scratch\n", question);
  assert.ok("stages" in plan);
  const place = { state: emptyState("linux", "amd64"), variables: new BuildVariables(plan).of(), hasCommand: false };
  const instructions = parseDockerfile(lines)?.instructions ?? [];
  return { place, history: instructions.map((instruction) => applySetting(instruction, place)) };
}

describe("Go's formats", () => {
  const quotes: readonly (readonly [text: string, quoted: string])[] = [
    ['a "b"\\', '"a \\"b\\"\\\\"'],
    ["\n\t\x07\x00\x7f", '"\\n\\t\\a\\x00\\x7f"'],
    ["ü 文 😀", '"ü 文 😀"'],
    ["\u00a0\u200b\ufeff", '"\\u00a0\\u200b\\ufeff"'],
  ];
  for (const [text, quoted] of quotes)
    it(`quote ${JSON.stringify(text)}`, () => {
      assert.equal(goQuote(text), quoted);
    });

  const durations: readonly (readonly [text: string, nanoseconds: number | undefined, shown?: string])[] = [
    ["0", 0, "0s"],
    ["1m30s", 90e9, "1m30s"],
    ["90s", 90e9, "1m30s"],
    ["1.5h", 5400e9, "1h30m0s"],
    ["500ms", 500e6, "500ms"],
    ["1.25ms", 1_250_000, "1.25ms"],
    ["2us", 2_000, "2µs"],
    ["7ns", 7, "7ns"],
    ["1h0.5s", 3600.5e9, "1h0m0.5s"],
    ["5", undefined],
    ["-1s", undefined],
    ["1d", undefined],
    ["s", undefined],
  ];
  for (const [text, nanoseconds, shown] of durations)
    it(`read the duration ${text}`, () => {
      assert.equal(parseGoDuration(text), nanoseconds);
      if (nanoseconds !== undefined) assert.equal(goDuration(nanoseconds), shown);
    });

  it("take numbers for characters", () => {
    assert.deepEqual([3, 35, 39, 0x1f600, -1].map(goQuoteNumber), ["'\\x03'", "'#'", "'\\''", "'😀'", "'�'"]);
  });
});

describe("what an instruction sets", () => {
  const cases: readonly (readonly [line: string, history: string])[] = [
    ['ENV A=1 B="a b"', "ENV A=1 B=a b"],
    ["ENV A one two", "ENV A=one two"],
    ["LABEL a.b=c 'd e'=f", "LABEL a.b=c d e=f"],
    ["ARG A=1 B GLOBAL GIVEN=x", "ARG A=1 B GLOBAL=all GIVEN=g"],
    ["USER $NONE:a", "USER :a"],
    ["CMD a  b", 'CMD ["/bin/sh" "-c" "a  b"]'],
    ['CMD ["a","b c"]', 'CMD ["a" "b c"]'],
    ["ENTRYPOINT []", "ENTRYPOINT []"],
    ["EXPOSE 9-10/udp 80", "EXPOSE [80/tcp 9/udp 10/udp]"],
    ["VOLUME /a /b", "VOLUME [/a /b]"],
    ["STOPSIGNAL SIGRTMIN+3", "STOPSIGNAL SIGRTMIN+3"],
    ['SHELL ["a", "-c"]', "SHELL [a -c]"],
    ["MAINTAINER $a b", "MAINTAINER $a b"],
    ["HEALTHCHECK NONE", 'HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" \'\\x00\'}'],
    ["HEALTHCHECK --retries=3 CMD a b", 'HEALTHCHECK &{["CMD-SHELL" "a b"] "0s" "0s" "0s" "0s" \'\\x03\'}'],
  ];
  for (const [line, history] of cases)
    it(`is told by the history: ${line}`, () => {
      assert.deepEqual(apply(line).history, [history]);
    });

  const refused = [
    "STOPSIGNAL 0",
    "EXPOSE 1:2",
    "EXPOSE 70000",
    "HEALTHCHECK NONE a",
    "HEALTHCHECK CMD []",
    "HEALTHCHECK --interval=1us CMD a",
    "ENV A=${B:?no}",
    "VOLUME []",
  ];
  for (const line of refused)
    it(`is left to BuildKit: ${line}`, () => {
      assert.throws(() => apply(line), ObstacleError);
    });

  it("keeps the place of a variable, and an ENTRYPOINT takes back the CMD of others only", () => {
    const { place } = apply("ENV A=1 B=2\nENV A=3 C=$A\n");
    assert.deepEqual(place.state.env.slice(1), ["A=3", "B=2", "C=1"]);
    place.state.cmd = ["base"];
    const set = (text: string) => parseDockerfile(text)?.instructions.map((each) => applySetting(each, place));
    set("ENTRYPOINT x\n");
    assert.equal(place.state.cmd, undefined);
    set('CMD ["own"]\nENTRYPOINT y\n');
    assert.deepEqual(place.state.cmd, ["own"]);
  });

  it("passes the lines of a here-document on with an ONBUILD", () => {
    const { place, history } = apply("onbuild  COPY <<A /b\nx $y\nA\n");
    assert.deepEqual([place.state.onBuild, history], [["COPY <<A /b\nx $y\nA"], [undefined]]);
  });
});

describe("ports and signals", () => {
  it("are those that BuildKit takes", () => {
    assert.deepEqual(exposedPorts(["0080", "1/SCTP", "2/"]), ["80/tcp", "1/sctp", "2/tcp"]);
    for (const word of ["", "a", "1/x", "2-1", "65536", "1:1", "[::1]:1"])
      assert.equal(exposedPorts([word]), undefined);
    assert.deepEqual(["SIGTERM", "term", "9", "-1", "RTMAX-14", "0", "SIGX", "RTMIN+16", ""].map(isSignal), [
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("an image's configuration", () => {
  it("is written with what BuildKit keeps, and read as it is written", () => {
    const text = JSON.stringify({
      os: "linux",
      architecture: "arm64",
      variant: "v8",
      docker_version: "x",
      container_config: {},
      config: { Env: ["A=1"], Hostname: "h", Labels: { b: "2", a: "1" }, ExposedPorts: { "2/tcp": {}, "1/tcp": {} } },
      rootfs: { diff_ids: ["sha256:0"] },
      history: [{ created_by: "a", empty_layer: true }, { created_by: "b" }],
    });
    const state = readImageState(Buffer.from(text));
    assert.ok(state);
    const again = JSON.parse(writeImageState(state, "2020-01-01T00:00:00Z").toString()) as object;
    assert.deepEqual(again, {
      architecture: "arm64",
      config: { ExposedPorts: { "1/tcp": {}, "2/tcp": {} }, Env: ["A=1"], Labels: { a: "1", b: "2" } },
      created: "2020-01-01T00:00:00Z",
      history: [{ created_by: "a", empty_layer: true }, { created_by: "b" }],
      os: "linux",
      rootfs: { type: "layers", diff_ids: ["sha256:0"] },
      variant: "v8",
    });
    assert.equal(readImageState(Buffer.from("[]")), undefined);
    assert.equal(readImageState(Buffer.from('{"config":{"Env":1}}')), undefined);
  });
});
