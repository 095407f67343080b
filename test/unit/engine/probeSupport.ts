import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Server } from "node:net";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import type { Endpoint } from "../../../src/core/transport/endpoint";
import { socketAddress, socketPlace } from "../../support/socketPlace";

/** The servers that a test has started. */
export const servers: Server[] = [];

/** The answers of a daemon; a string is sent as it is, an object as JSON. */
export interface Answers {
  readonly pingHeaders?: Readonly<Record<string, string>>;
  readonly pingStatus?: number;
  readonly ping?: string;
  readonly version?: object | string;
  readonly versionStatus?: number;
}

/** The version that Docker 20.10 tells. */
export const docker20 = { Version: "20.10.24", ApiVersion: "1.41", MinAPIVersion: "1.12", Os: "linux", Arch: "amd64" };

/** Lets a server listen on a socket. */
export async function listening(server: Server): Promise<Endpoint> {
  const path = socketPlace();
  servers.push(server);
  server.listen(path);
  await once(server, "listening");
  return { address: socketAddress(path), source: "the test", connection: { kind: "socket", path } };
}

/** Starts a daemon that answers a probe. */
export async function answering({
  pingHeaders = {},
  pingStatus = 200,
  ping = "OK",
  version = docker20,
  versionStatus = 200,
}: Answers): Promise<Endpoint> {
  const answer = (received: IncomingMessage, response: ServerResponse) => {
    if (received.url === "/_ping") response.writeHead(pingStatus, pingHeaders).end(ping);
    else response.writeHead(versionStatus).end(typeof version === "string" ? version : JSON.stringify(version));
  };
  return listening(createHttpServer(answer));
}

/** Expects one of our errors that names the endpoint and who chose it. */
export function fails(code: ErrorCode, endpoint: Endpoint, ...words: RegExp[]) {
  return (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, code), String(error));
    for (const word of [`${endpoint.address} (${endpoint.source})`, ...words]) {
      assert.ok(
        typeof word === "string" ? error.message.includes(word) : word.test(error.message),
        `${word} in: ${error.message}`,
      );
    }
    return true;
  };
}
