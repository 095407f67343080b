import type { ServerHttp2Stream } from "node:http2";
import { connect } from "node:net";
import { agentFailure, agentMessages, agentRequest, kindOf } from "./agentProtocol";
import { write } from "./fileSender";
import {
  finish,
  frame,
  GrpcError,
  grpcStatus,
  messages,
  metadataValues,
  respond,
  type RawHeaders,
} from "../transport/grpc";
import { decodeMessage, encodeMessage } from "../transport/message";
import { BytesMessage, CheckAgentRequest, CheckAgentResponse } from "../transport/proto/ssh.pb";

/** Sockets of SSH agents on this machine, by the ids under which a build may use them. */
export type AgentSockets = ReadonlyMap<string, string>;

const passedOn: ReadonlySet<number | undefined> = new Set([agentRequest.list, agentRequest.sign]);

/**
 * Answers `moby.sshforward.v1.SSH/CheckAgent`.
 *
 * @throws GrpcError for an id without an agent
 */
export function answerCheckAgent(request: Uint8Array, sockets: AgentSockets): Uint8Array {
  socketOf(decodeMessage(CheckAgentRequest, request).ID, sockets);
  return encodeMessage(CheckAgentResponse, {});
}

/**
 * Serves one `moby.sshforward.v1.SSH/ForwardAgent` call: a connection to an agent. A build may list keys and sign with
 * them; all other requests are refused.
 *
 * @throws GrpcError for an id without an agent; errors of the connection to the agent
 */
export async function forwardAgent(
  stream: ServerHttp2Stream,
  headers: RawHeaders,
  sockets: AgentSockets,
): Promise<void> {
  respond(stream);
  const [id = ""] = metadataValues(headers, "buildkit.ssh.id");
  const agent = connect(socketOf(id, sockets));
  // The next read reports the error; without this listener, an error before it would end the thread.
  agent.on("error", () => {});
  stream.once("close", () => agent.destroy());
  const answers = agentMessages(agent);
  try {
    for await (const request of agentMessages(payloads(stream))) {
      if (passedOn.has(kindOf(request))) {
        agent.write(request);
        const answer = await answers.next();
        if (answer.done) throw new Error("the SSH agent closed the connection");
        await write(stream, frame(encodeMessage(BytesMessage, { data: answer.value })));
      } else {
        await write(stream, frame(encodeMessage(BytesMessage, { data: agentFailure })));
      }
    }
    finish(stream);
  } finally {
    agent.destroy();
  }
}

function socketOf(id: string, sockets: AgentSockets): string {
  const socket = sockets.get(id || "default");
  if (socket === undefined) throw new GrpcError(grpcStatus.unknown, `unset ssh forward key ${id || "default"}`);
  return socket;
}

async function* payloads(stream: ServerHttp2Stream): AsyncGenerator<Uint8Array> {
  for await (const message of messages(stream)) yield decodeMessage(BytesMessage, message).data;
}
