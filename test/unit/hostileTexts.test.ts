import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { copySources } from "../../src/core/dockerfile/copySources";
import { mountsOf } from "../../src/core/dockerfile/mounts";
import { longestDockerfile } from "../../src/core/dockerfile/parseDockerfile";
import { locateFailure } from "../../src/core/dockerfile/locateFailure";
import { namedImages } from "../../src/core/dockerfile/namedImages";
import { wantedIds } from "../../src/core/dockerfile/wantedIds";
import { jsonLines } from "../../src/core/transport/jsonLines";
import { ClassicProgress } from "../../src/core/engine/progress/classicProgress";
import type { ProgressEvent } from "../../src/core/operation/progressEvent";
import { agentMessages } from "../../src/core/session/agentProtocol";
import { frame, takeMessages } from "../../src/core/transport/grpc";
import { readImageSpec } from "../../src/core/image/spec/readImageSpec";
import { LineCutter } from "../../src/core/base/lineCutter";
import { shortInstruction } from "../../src/vscode/registries/shortInstruction";
import { assertQuick, each } from "./hostileTextsSupport";

describe("hostile Dockerfiles", () => {
  const doubled = `FROM a\nENV A0=x\n${each(28, (i) => `ENV A${i + 1}=$A${i}$A${i}\n`)}`;

  it("that double a variable again and again take nothing, and what comes of it is unknown", () => {
    assertQuick(() => copySources(`${doubled}COPY $A28 /\n`));
    assert.deepEqual(
      copySources(`${doubled}COPY $A3 $A28 /\n`).map(({ path }) => path),
      ["xxxxxxxx", undefined],
    );
  });

  it("that use one long variable again and again run out of room", () => {
    const sources = copySources(`FROM a\nENV A=${"x".repeat(60_000)}\n${each(4000, (i) => `COPY $A${"/"}${i} /\n`)}`);
    assert.ok(sources.reduce((sum, { path = "" }) => sum + path.length, 0) < 3_000_000);
    assert.equal(sources.at(-1)?.path, undefined);
    const { images } = namedImages(`ARG A=${"x".repeat(60_000)}\n${each(2000, () => "FROM $A$A\n")}`);
    assert.deepEqual(images, []);
  });

  it("with thousands of variables are followed without a copy of all for each instruction", () => {
    assertQuick(() => copySources(`FROM a\n${each(4000, (i) => `ENV A${i}=b\nRUN x\n`)}`), 100);
  });

  it("of thousands of stages are not compared with all that a daemon says, stage by stage", () => {
    const stages = "FROM a\n".repeat(longestDockerfile / 7);
    assertQuick(() => locateFailure(stages, { stepName: "RUN x", words: '"/'.repeat(8000) }));
    assert.deepEqual(locateFailure("FROM a\nFROM b:1\n", { words: "failed to resolve metadata for b:1" }), [
      { line: 2, endLine: 2 },
    ]);
  });

  it("with thousands of stages on each other are gone through once for each variable", () => {
    const stages = each(1800, (i) => `FROM ${i === 0 ? "scratch" : `s${i - 1}`} AS s${i}\n`);
    assertQuick(() => copySources(`${stages}COPY ${"$A".repeat(10_000)} /\n`), 300);
    assertQuick(() => mountsOf(each(5000, (i) => `FROM $A AS s${i}\n`)), 300);
  });

  it("with triggers for thousands of stages are followed so far, and count as taking everything", () => {
    const text = `FROM scratch AS a\n${each(1500, (i) => `ONBUILD COPY ${i} /\n`)}${"FROM a\n".repeat(3000)}`;
    assertQuick(() => copySources(text), 300);
    assert.ok(copySources(text).some(({ path, prefix }) => path === undefined && prefix === ""));
    assert.equal(wantedIds(text).secret("any"), true);
    assert.equal(namedImages(text).mayBeMore, true);
  });

  it("with marks, flags and braces without end are read in one pass", () => {
    for (const text of [
      "RUN " + "<<A ".repeat(15_000),
      "RUN " + "--mount=a ".repeat(6000),
      `COPY ${"${A:-".repeat(10_000)} /`,
      `COPY ${'"$A"'.repeat(15_000)} /`,
      `RUN --mount=${'"'.repeat(60_000)} x`,
      "\\\n".repeat(30_000),
      `ADD [${'"a",'.repeat(15_000)}"b"] x`,
    ]) {
      assertQuick(() => copySources(`FROM scratch\n${text}\n`), 300);
    }
  });

  it("that are too long to be read count as taking everything", () => {
    const text = `FROM a\n${"#\n".repeat(longestDockerfile / 2)}COPY b /\n`;
    assert.deepEqual(
      copySources(text).map(({ path, isReached }) => [path, isReached]),
      [[undefined, true]],
    );
  });
});

describe("hostile image specs", () => {
  const head = "from: {base: a}\nclone: {name: b}\n";

  it("with 8,000 aliases are read in one pass", () => {
    assertQuick(() => readImageSpec(`a: &a b\nx: [${"*a,".repeat(8000)}]`, "a.image.yaml"));
  });

  it("with spaces in a package's name are read in one pass", () => {
    assertQuick(() => readImageSpec(`${head}layers: [{pipPackages: ["a${" ".repeat(20_000)}!"]}]`, "a.image.yaml"));
  });

  for (const [what, text, file] of [
    ["deep lists", "[".repeat(30_000), "a.image.yaml"],
    ["deep maps", '{"a":'.repeat(6000), "a.image.json"],
    ["lists in lists", "- ".repeat(15_000), "a.image.yaml"],
    ["too many layers", `${head}layers:\n${"- workdir: /a\n".repeat(2000)}`, "a.image.yaml"],
    ["too much text", `${head}${"#\n".repeat(100_000)}`, "a.image.yaml"],
  ] as const) {
    it(`with ${what} are refused in a sentence`, () => {
      assert.deepEqual(
        readImageSpec(text, file).problems.map(({ code }) => code),
        ["too-large"],
      );
      assertQuick(() => readImageSpec(text, file));
    });
  }
});

describe("hostile histories of images", () => {
  it("are shortened in no time", () => assertQuick(() => shortInstruction(`|1 ${"a==b ".repeat(20_000)}`)));

  for (const [createdBy, shown] of [
    ["RUN |2 A=b C=d=e /bin/sh -c make all # buildkit", "RUN make all"],
    ["|1 A=b /bin/sh -c make", "RUN make"],
    ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
    ["/bin/sh -c apt-get   update", "RUN apt-get update"],
    ["COPY . . # buildkit", "COPY . ."],
    ["|1 A=b make", "|1 A=b make"],
    ["RUN make # buildkit", "RUN make"],
  ] as const) {
    it(`${JSON.stringify(createdBy)} is ${JSON.stringify(shown)}`, () =>
      assert.equal(shortInstruction(createdBy), shown));
  }
});

describe("streams without an end of line or frame", () => {
  it("of a daemon take linear time, and what is too long is passed over and told", async () => {
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (text: string) => void warnings.push(text), debug: () => {}, error: () => {} };
    const chunk = Buffer.alloc(65_536, "x");
    const chunks = [...Array.from({ length: 800 }, () => chunk), Buffer.from('\n{"status":"ok"}\n')];
    const before = process.cpuUsage();
    const messages: unknown[] = [];
    for await (const message of jsonLines(Readable.from(chunks), {
      log,
      signal: new AbortController().signal,
      report: () => {},
    }))
      messages.push(message);
    const { user } = process.cpuUsage(before);
    assert.deepEqual(messages, [{ status: "ok" }]);
    assert.deepEqual(
      warnings.map((text) => text.slice(0, 40)),
      ["The daemon sent a line of more than 2516"],
    );
    assert.ok(user / 1000 < 2000, `${user / 1000} ms for 50 MB`);
  });

  it("are cut wherever a piece ends", () => {
    const cutter = new LineCutter(10, () => assert.fail());
    assert.deepEqual(["a\nb", "c", "\n\nd\n", "e"].flatMap((piece) => [...cutter.cut(piece)]).concat(...cutter.end()), [
      "a",
      "bc",
      "d",
      "e",
    ]);
  });

  it("of gRPC take linear time whatever the chunks", async () => {
    const framed = frame(Buffer.alloc(4 * 2 ** 20, 1));
    const stream = new PassThrough({ highWaterMark: 2 ** 30 });
    const taken: number[] = [];
    const ended = takeMessages(stream, (message) => taken.push(message.length) > 5);
    const before = process.cpuUsage();
    for (let i = 0; i < framed.length; i += 1024) stream.write(framed.subarray(i, i + 1024));
    stream.end();
    assert.equal(await ended, false);
    assert.deepEqual(taken, [4 * 2 ** 20]);
    assert.ok(process.cpuUsage(before).user / 1000 < 1000);
  });

  it("of gRPC that announce a message of 4 GB are ended", async () => {
    const stream = new PassThrough();
    const ended = takeMessages(stream, () => false);
    stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]));
    await assert.rejects(ended, /a message of 4294967295 bytes is too large/);
  });

  it("of an SSH agent take linear time byte by byte", async () => {
    const message = Buffer.alloc(4 + 200_000, 7);
    message.writeUInt32BE(200_000);
    const before = process.cpuUsage();
    const found: number[] = [];
    for await (const each of agentMessages(Readable.from(Array.from(message, (_, i) => message.subarray(i, i + 1)))))
      found.push(each.length);
    assert.deepEqual(found, [message.length]);
    assert.ok(process.cpuUsage(before).user / 1000 < 2000);
  });

  it("of the classic builder are passed on as they come", () => {
    const events: ProgressEvent[] = [];
    assertQuick(() => {
      events.length = 0;
      const progress = new ClassicProgress((event) => events.push(event));
      progress.accept({ stream: "Step 1/1 : RUN make\n" });
      for (let i = 0; i < 25_000; i++) progress.accept({ stream: "xxxx" });
      progress.accept({ stream: "Successfully built\nStep 2/2 : RUN next\n" });
      progress.finish();
    });
    const logged = events.map((event) => (event.kind === "stepLog" ? event.text : "")).join("");
    assert.equal(logged, `${"x".repeat(100_000)}Successfully built\n`);
    assert.deepEqual(
      events.flatMap((event) => (event.kind === "stepStarted" ? [event.step.name] : [])),
      ["RUN make", "RUN next"],
    );
  });
});
