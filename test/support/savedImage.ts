import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { given } from "./engine";

/** All that the daemon of the tests keeps of an image, layers unpacked and history included, as one text. */
export async function savedImage(imageName: string, dockerHost = given("DOCKER_HOST")): Promise<string> {
  const asked = request({ socketPath: dockerHost.replace("unix://", ""), path: `/images/${imageName}/get` }).end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const texts: string[] = [];
  for await (const entry of answer.pipe(extract())) {
    const bytes = await buffer(entry);
    texts.push((bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1"));
  }
  return texts.join("\n");
}
