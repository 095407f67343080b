import { Writer } from "protobufjs/minimal";
import { BuildkitProgress } from "../../../src/core/engine/progress/buildkitProgress";
import { placeInDockerfile } from "../../../src/core/engine/dockerfilePlace";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";

interface TestVertex {
  readonly digest: string;
  readonly inputs?: readonly string[];
  readonly name: string;
  readonly cached?: boolean;
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
}

function timestamp(writer: Writer, field: number, ms: number | undefined): void {
  if (ms === undefined) return;
  writer
    .uint32((field << 3) | 2)
    .fork()
    .uint32(8)
    .int64(Math.floor(ms / 1000))
    .uint32(16)
    .int32((ms % 1000) * 1e6)
    .ldelim();
}

/** A step in a response of BuildKit. */
export const vertex =
  (each: TestVertex) =>
  (response: Writer): void => {
    const writer = response.uint32(10).fork().uint32(10).string(each.digest);
    for (const input of each.inputs ?? ["an input"]) writer.uint32(18).string(input);
    writer.uint32(26).string(each.name);
    if (each.cached) writer.uint32(32).bool(true);
    timestamp(writer, 5, each.started);
    timestamp(writer, 6, each.completed);
    if (each.error) writer.uint32(58).string(each.error);
    // A field of a newer daemon.
    writer.uint32(66).fork().uint32(10).string("group").ldelim().ldelim();
  };

/** A transfer of a step. */
export const status =
  (id: string, vertexDigest: string, current: number, total = 0, completed?: number) =>
  (response: Writer): void => {
    const writer = response
      .uint32(18)
      .fork()
      .uint32(10)
      .string(id)
      .uint32(18)
      .string(vertexDigest)
      .uint32(32)
      .int64(current)
      .uint32(40)
      .int64(total);
    timestamp(writer, 8, completed);
    writer.ldelim();
  };

/** What a step wrote. */
export const log =
  (vertexDigest: string, stream: number, text: string | Uint8Array) =>
  (response: Writer): void => {
    response
      .uint32(26)
      .fork()
      .uint32(10)
      .string(vertexDigest)
      .uint32(24)
      .int64(stream)
      .uint32(34)
      .bytes(Buffer.from(text))
      .ldelim();
  };

/** A warning of a step. */
export const warning =
  (
    text: string,
    {
      detail = [],
      url,
      filename,
      lines = [],
    }: { detail?: string[]; url?: string; filename?: string; lines?: [number, number][] } = {},
  ) =>
  (response: Writer): void => {
    const writer = response
      .uint32(34)
      .fork()
      .uint32(10)
      .string("v")
      .uint32(16)
      .int64(1)
      .uint32(26)
      .bytes(Buffer.from(text));
    for (const each of detail) writer.uint32(34).bytes(Buffer.from(each));
    if (url !== undefined) writer.uint32(42).string(url);
    if (filename !== undefined)
      writer.uint32(50).fork().uint32(10).string(filename).uint32(18).bytes(Buffer.from("FROM x")).ldelim();
    for (const [start, end] of lines) {
      const range = writer.uint32(58).fork();
      range.uint32(10).fork().uint32(8).int32(start).uint32(16).int32(1).ldelim();
      range.uint32(18).fork().uint32(8).int32(end).ldelim().ldelim();
    }
    writer.ldelim();
  };

/** A response with such parts. */
export function trace(...parts: readonly ((response: Writer) => void)[]): Uint8Array {
  const response = Writer.create();
  for (const part of parts) part(response);
  return response.finish();
}

/** The events of responses, one after the other. */
export function accept(...traces: readonly Uint8Array[]): { events: ProgressEvent[]; progress: BuildkitProgress } {
  const events: ProgressEvent[] = [];
  const dockerfile = {
    file: "/x/Dockerfile",
    name: "Dockerfile",
    bytes: Buffer.alloc(0),
    text: "FROM a\nRUN b\nRUN c\n",
  };
  const progress = new BuildkitProgress(
    (event) => events.push(event),
    (filename, ranges) => placeInDockerfile(dockerfile, filename, ranges),
  );
  for (const each of traces) progress.accept(each);
  return { events, progress };
}

/** A step. */
export const run = { digest: "sha256:1", name: "[2/3] RUN make" };
