import { Reader } from "protobufjs/minimal";

/** A node of BuildKit's build graph. Times are milliseconds since 1970. */
export interface Vertex {
  digest: string;
  /** Digests of the vertexes whose results it takes. */
  inputs: string[];
  name: string;
  cached: boolean;
  started?: number;
  completed?: number;
  error: string;
}

/** Something a vertex is busy with, such as a transfer; `total` is 0 where it is not known. */
export interface VertexStatus {
  id: string;
  vertex: string;
  name: string;
  current: number;
  total: number;
  completed?: number;
}

/** Output of a vertex; `stream` is 1 for stdout and 2 for stderr. The bytes may end within a character. */
export interface VertexLog {
  vertex: string;
  stream: number;
  bytes: Uint8Array;
}

/** A range of lines as BuildKit reports it; lines count from 1, and `endLine` may be 0. */
export interface SourceRange {
  line: number;
  endLine: number;
}

/** A finding of a frontend, such as a check of the Dockerfile. */
export interface VertexWarning {
  text: string;
  detail: string[];
  url: string;
  /** Name of the file that `ranges` are in. */
  filename: string;
  ranges: SourceRange[];
}

/** Progress of one build since the message before. */
export interface StatusResponse {
  vertexes: Vertex[];
  statuses: VertexStatus[];
  logs: VertexLog[];
  warnings: VertexWarning[];
}

type FieldReader<T> = (message: T, reader: Reader) => void;
type Fields<T> = Readonly<Record<number, FieldReader<T>>>;

/** Decodes protobuf `moby.buildkit.v1.StatusResponse`; fields that newer daemons add are skipped. */
export function decodeStatusResponse(bytes: Uint8Array): StatusResponse {
  return decode(new Reader(bytes), bytes.length, emptyStatus(), statusResponseFields);
}

/** Returns a response that reports nothing. */
export function emptyStatus(): StatusResponse {
  return { vertexes: [], statuses: [], logs: [], warnings: [] };
}

const statusResponseFields: Fields<StatusResponse> = {
  1: ({ vertexes }, reader) => {
    vertexes.push(nested(reader, { digest: "", inputs: [], name: "", cached: false, error: "" }, vertexFields));
  },
  2: ({ statuses }, reader) => {
    statuses.push(nested(reader, { id: "", vertex: "", name: "", current: 0, total: 0 }, statusFields));
  },
  3: ({ logs }, reader) => {
    logs.push(nested(reader, { vertex: "", stream: 1, bytes: new Uint8Array() }, logFields));
  },
  4: ({ warnings }, reader) => {
    warnings.push(nested(reader, { text: "", detail: [], url: "", filename: "", ranges: [] }, warningFields));
  },
};

const vertexFields: Fields<Vertex> = {
  1: (vertex, reader) => (vertex.digest = reader.string()),
  2: (vertex, reader) => vertex.inputs.push(reader.string()),
  3: (vertex, reader) => (vertex.name = reader.string()),
  4: (vertex, reader) => (vertex.cached = reader.bool()),
  5: (vertex, reader) => (vertex.started = timestamp(reader)),
  6: (vertex, reader) => (vertex.completed = timestamp(reader)),
  7: (vertex, reader) => (vertex.error = reader.string()),
};

const statusFields: Fields<VertexStatus> = {
  1: (status, reader) => (status.id = reader.string()),
  2: (status, reader) => (status.vertex = reader.string()),
  3: (status, reader) => (status.name = reader.string()),
  4: (status, reader) => (status.current = Number(reader.int64())),
  5: (status, reader) => (status.total = Number(reader.int64())),
  8: (status, reader) => (status.completed = timestamp(reader)),
};

const logFields: Fields<VertexLog> = {
  1: (log, reader) => (log.vertex = reader.string()),
  3: (log, reader) => (log.stream = Number(reader.int64())),
  4: (log, reader) => (log.bytes = reader.bytes()),
};

const warningFields: Fields<VertexWarning> = {
  3: (warning, reader) => (warning.text = utf8(reader)),
  4: (warning, reader) => warning.detail.push(utf8(reader)),
  5: (warning, reader) => (warning.url = reader.string()),
  6: (warning, reader) => (warning.filename = nested(reader, { filename: "" }, sourceInfoFields).filename),
  7: (warning, reader) => warning.ranges.push(nested(reader, { line: 0, endLine: 0 }, rangeFields)),
};

const sourceInfoFields: Fields<{ filename: string }> = {
  1: (info, reader) => (info.filename = reader.string()),
};

const rangeFields: Fields<SourceRange> = {
  1: (range, reader) => (range.line = nested(reader, { line: 0 }, positionFields).line),
  2: (range, reader) => (range.endLine = nested(reader, { line: 0 }, positionFields).line),
};

const positionFields: Fields<{ line: number }> = {
  1: (position, reader) => (position.line = reader.int32()),
};

const timestampFields: Fields<{ ms: number }> = {
  1: (time, reader) => (time.ms += Number(reader.int64()) * 1000),
  2: (time, reader) => (time.ms += reader.int32() / 1e6),
};

function timestamp(reader: Reader): number {
  return nested(reader, { ms: 0 }, timestampFields).ms;
}

function utf8(reader: Reader): string {
  return Buffer.from(reader.bytes()).toString("utf8");
}

function nested<T>(reader: Reader, message: T, fields: Fields<T>): T {
  const length = reader.uint32();
  return decode(reader, reader.pos + length, message, fields);
}

function decode<T>(reader: Reader, end: number, message: T, fields: Fields<T>): T {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields[tag >>> 3];
    if (field) field(message, reader);
    else reader.skipType(tag & 7);
  }
  return message;
}
