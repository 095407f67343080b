import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** An authority that signs certificates, made by `openssl` in a folder. */
export class Authority {
  readonly certificate: string;
  readonly #key: string;

  constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {
    this.certificate = join(folder, `${name}.pem`);
    this.#key = join(folder, `${name}-key.pem`);
    const subject = ["-subj", `/CN=${name}`, "-days", "2"];
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      this.#key,
      "-out",
      this.certificate,
      ...subject,
    );
  }

  /**
   * Signs a certificate for a server on 127.0.0.1, or for one with another name, or for a client.
   *
   * @param days how long it is valid; 0 makes one that has expired
   */
  sign(
    name: string,
    usage: "serverAuth" | "clientAuth",
    subjectAltName = "IP:127.0.0.1",
    days = 2,
  ): { readonly cert: string; readonly key: string } {
    const [cert, key, request, extensions] = ["cert", "key", "request", "extensions"].map((part) =>
      join(this.folder, `${this.name}-${name}-${part}.pem`),
    ) as [string, string, string, string];
    writeFileSync(extensions, `extendedKeyUsage=${usage}\nsubjectAltName=${subjectAltName}\n`);
    openssl(
      "req",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      key,
      "-out",
      request,
      "-subj",
      `/CN=${name}`,
    );
    const authority = ["-CA", this.certificate, "-CAkey", this.#key, "-CAcreateserial"];
    openssl("x509", "-req", "-in", request, ...authority, "-days", String(days), "-extfile", extensions, "-out", cert);
    return { cert, key };
  }
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
