import { request } from "node:http";
import { given } from "./engine";

/** What a container printed, and how it ended. */
export interface ContainerResult {
  readonly output: string;
  readonly exitCode: number;
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

function ask(method: string, path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const socketPath = given("DOCKER_HOST").replace("unix://", "");
    request({ socketPath, path, method, headers: { "content-type": "application/json" } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve(text));
    })
      .on("error", reject)
      .end(body && JSON.stringify(body));
  });
}
