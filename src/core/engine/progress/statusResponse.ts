import { Reader } from "protobufjs/minimal";

/** A node of BuildKit's build graph. Times are milliseconds since 1970. */
export interface Vertex {
  digest: string;
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

/** Output of a vertex; `stream` is 1 for stdout and 2 for stderr. */
interface VertexLog {
  vertex: string;
  stream: number;
  text: string;
}

/** What BuildKit reports at once: the daemon sends it as `moby.buildkit.trace`. */
export interface StatusResponse {
  vertexes: Vertex[];
  statuses: VertexStatus[];
  logs: VertexLog[];
  warnings: string[];
}

type FieldReader<T> = (message: T, reader: Reader) => void;

/** Decodes protobuf `moby.buildkit.v1.StatusResponse`; fields that newer daemons add are skipped. */
export function decodeStatusResponse(bytes: Uint8Array): StatusResponse {
  return decode(new Reader(bytes), bytes.length, { vertexes: [], statuses: [], logs: [], warnings: [] }, statusResponseFields);
}

const statusResponseFields: Readonly<Record<number, FieldReader<StatusResponse>>> = {
  1: (response, reader) => response.vertexes.push(nested(reader, { digest: "", name: "", cached: false, error: "" }, vertexFields)),
  2: (response, reader) => response.statuses.push(nested(reader, { id: "", vertex: "", name: "", current: 0, total: 0 }, statusFields)),
  3: (response, reader) => response.logs.push(nested(reader, { vertex: "", stream: 1, text: "" }, logFields)),
  4: (response, reader) => response.warnings.push(nested(reader, { text: "" }, warningFields).text),
};

const vertexFields: Readonly<Record<number, FieldReader<Vertex>>> = {
  1: (vertex, reader) => (vertex.digest = reader.string()),
  3: (vertex, reader) => (vertex.name = reader.string()),
  4: (vertex, reader) => (vertex.cached = reader.bool()),
  5: (vertex, reader) => (vertex.started = timestamp(reader)),
  6: (vertex, reader) => (vertex.completed = timestamp(reader)),
  7: (vertex, reader) => (vertex.error = reader.string()),
};

const statusFields: Readonly<Record<number, FieldReader<VertexStatus>>> = {
  1: (status, reader) => (status.id = reader.string()),
  2: (status, reader) => (status.vertex = reader.string()),
  3: (status, reader) => (status.name = reader.string()),
  4: (status, reader) => (status.current = Number(reader.int64())),
  5: (status, reader) => (status.total = Number(reader.int64())),
  8: (status, reader) => (status.completed = timestamp(reader)),
};

const logFields: Readonly<Record<number, FieldReader<VertexLog>>> = {
  1: (log, reader) => (log.vertex = reader.string()),
  3: (log, reader) => (log.stream = Number(reader.int64())),
  4: (log, reader) => (log.text = Buffer.from(reader.bytes()).toString("utf8")),
};

const warningFields: Readonly<Record<number, FieldReader<{ text: string }>>> = {
  3: (warning, reader) => (warning.text = Buffer.from(reader.bytes()).toString("utf8")),
};

const timestampFields: Readonly<Record<number, FieldReader<{ ms: number }>>> = {
  1: (time, reader) => (time.ms += Number(reader.int64()) * 1000),
  2: (time, reader) => (time.ms += reader.int32() / 1e6),
};

function timestamp(reader: Reader): number {
  return nested(reader, { ms: 0 }, timestampFields).ms;
}

function nested<T>(reader: Reader, message: T, fields: Readonly<Record<number, FieldReader<T>>>): T {
  const length = reader.uint32();
  return decode(reader, reader.pos + length, message, fields);
}

function decode<T>(reader: Reader, end: number, message: T, fields: Readonly<Record<number, FieldReader<T>>>): T {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields[tag >>> 3];
    if (field) field(message, reader);
    else reader.skipType(tag & 7);
  }
  return message;
}
