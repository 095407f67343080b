import assert from "node:assert/strict";
import { dockerRunArguments } from "../../../src/core/engine/dockerRun";
import type { Endpoint } from "../../../src/core/transport/endpoint";

const image = `sha256:${"a".repeat(64)}`;
const run = ["run", "--rm", "--interactive", "--tty"];
const socket: Endpoint = {
  address: "unix:///run/user/1000/docker.sock",
  source: "test",
  connection: { kind: "socket", path: "/run/user/1000/docker.sock" },
};
const tcp: Endpoint = {
  address: "tcp://build.example:2376",
  source: "test",
  connection: { kind: "tcp", host: "build.example", port: 2376 },
};

describe("the arguments that run an image", () => {
  it("name the daemon's socket that builds use, each port, and the image last", () => {
    const ports = ["127.0.0.1:8080:80", "53:53/udp"];
    assert.deepEqual(dockerRunArguments(socket, { dockerContext: "box" }, { image, ports }), [
      ...["--host", socket.address, ...run],
      ...["--publish", "127.0.0.1:8080:80", "--publish", "53:53/udp", image],
    ]);
  });

  it("leave a daemon with certificates to the setting or configuration that names it", () => {
    const container = { image, ports: [] };
    const settings = { dockerHost: " tcp://a:1 ", dockerContext: "box" };
    assert.deepEqual(dockerRunArguments(tcp, settings, container), ["--host", "tcp://a:1", ...run, image]);
    assert.deepEqual(dockerRunArguments(tcp, { dockerContext: " box" }, container), [
      "--context",
      "box",
      ...run,
      image,
    ]);
    assert.deepEqual(dockerRunArguments(tcp, {}, container), [...run, image]);
  });
});
