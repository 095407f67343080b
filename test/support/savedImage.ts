import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import { given } from "./engine";

/** All that the daemon of the tests keeps of an image, layers unpacked and history included, as one text. */
export async function savedImage(imageName: string): Promise<string> {
  const texts: string[] = [];
  const socketPath = given("DOCKER_HOST").replace("unix://", "");
  await new Promise<void>((resolve, reject) => {
    request({ socketPath, path: `/images/${imageName}/get` }, (answer) => {
      const archive = extract();
      archive.on("entry", (_header, stream, next) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          const bytes = Buffer.concat(chunks);
          texts.push((bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1"));
          next();
        });
      });
      archive.on("finish", resolve).on("error", reject);
      answer.pipe(archive);
    })
      .on("error", reject)
      .end();
  });
  return texts.join("\n");
}
