import { request } from "node:http";
import { given } from "./engine";

/** What a container printed, and how it ended. */
export interface ContainerResult {
  readonly output: string;
  readonly exitCode: number;
}

/** Makes a container of an image that is never started. @returns its id */
export async function createContainer(socketPath: string, image: string): Promise<string> {
  const made = await ask("POST", "/containers/create", { Image: image, Cmd: ["/x"] }, socketPath);
  const { Id: id, message } = JSON.parse(made) as { readonly Id?: string; readonly message?: string };
  if (id === undefined) throw new Error(message);
  return id;
}

/** Runs an image as `docker run --rm` does, with these words after its name, past all of our own code. */
export async function runContainer(image: string, words?: readonly string[]): Promise<ContainerResult> {
  const made = await ask("POST", "/containers/create", { Image: image, ...(words && { Cmd: words }), Tty: true });
  const { Id: id, message } = JSON.parse(made) as { readonly Id?: string; readonly message?: string };
  if (id === undefined) throw new Error(message);
  try {
    const refusal = await ask("POST", `/containers/${id}/start`);
    if (refusal !== "") return { output: refusal, exitCode: -1 };
    const { StatusCode: exitCode } = JSON.parse(await ask("POST", `/containers/${id}/wait`)) as {
      readonly StatusCode: number;
    };
    const output = await ask("GET", `/containers/${id}/logs?stdout=1&stderr=1`);
    return { output: output.replaceAll("\r\n", "\n"), exitCode };
  } finally {
    await ask("DELETE", `/containers/${id}?force=1`);
  }
}

/** Starts a container of the base image that stays, in the host's network. @returns its id */
export async function startContainer(socketPath: string, words: readonly string[]): Promise<string> {
  const Image = "busybox:1.35";
  await ask("POST", `/images/create?fromImage=busybox&tag=1.35`, undefined, socketPath);
  const made = await ask(
    "POST",
    "/containers/create",
    { Image, Cmd: words, HostConfig: { NetworkMode: "host" } },
    socketPath,
  );
  const { Id: id, message } = JSON.parse(made) as { readonly Id?: string; readonly message?: string };
  if (id === undefined) throw new Error(message);
  const refusal = await ask("POST", `/containers/${id}/start`, undefined, socketPath);
  if (refusal !== "") throw new Error(refusal);
  return id;
}

/** Ends and removes a container. */
export async function removeContainer(socketPath: string, id: string): Promise<void> {
  await ask("DELETE", `/containers/${id}?force=1`, undefined, socketPath);
}

function ask(
  method: string,
  path: string,
  body?: object,
  socketPath = given("DOCKER_HOST").replace("unix://", ""),
): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, method, headers: { "content-type": "application/json" } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve(text));
    })
      .on("error", reject)
      .end(body && JSON.stringify(body));
  });
}
