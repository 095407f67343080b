import { Add, Onbuild, Run } from "dockerfile-ast";
import { parseDockerfile } from "./parseDockerfile";
import { splitStages } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/** The ids of secrets and SSH agents that building a Dockerfile may ask for. */
export interface WantedIds {
  readonly secret: (id: string) => boolean;
  readonly ssh: (id: string) => boolean;
}

/** What BuildKit asks for where ADD fetches from a repository or a web server. @see https://docs.docker.com/build/building/secrets/ */
const fetchSecret = /^(?:GIT|HTTP)_AUTH_(?:TOKEN|HEADER)(?:[._].+)?$/;

/**
 * Reads the ids out of every mount, whether the build gets there or not. Where a variable hides an id, or a frontend other than Docker's
 * reads the file, every id may be wanted.
 */
export function wantedIds(text: string, buildArgs: Readonly<Record<string, string>> = {}): WantedIds {
  const dockerfile = parseDockerfile(text);
  const ids = { secret: new Set<string>(), ssh: new Set<string>() };
  let everything = !dockerfile || isForeignSyntax(syntaxOf(text, buildArgs));
  let fetches = false;
  const stages = dockerfile ? splitStages(dockerfile, buildArgs) : [];
  for (const { instruction, expand } of stages.flatMap(({ steps }) => steps)) {
    const step = instruction instanceof Onbuild ? instruction.getTriggerInstruction() : instruction;
    if (step instanceof Add) fetches ||= /:\/\/|^git@|\bgit@|\$|github\.com\//.test(step.getRawArgumentsContent() ?? "");
    if (!(step instanceof Run)) continue;
    for (const flag of step.getFlags().filter((each) => each.getName() === "mount")) {
      const mount = readMount(flag.getValue() ?? "");
      if (!mount?.id) continue;
      const id = expand(mount.id);
      if (id === undefined) everything = true;
      else ids[mount.type].add(id);
    }
  }
  return {
    secret: (id) => everything || ids.secret.has(id) || (fetches && fetchSecret.test(id)),
    ssh: (id) => everything || ids.ssh.has(id) || (fetches && id === "default"),
  };
}

function readMount(value: string): { readonly type: "secret" | "ssh"; readonly id: string | undefined } | undefined {
  const options = new Map(
    value.split(",").map((field): [string, string] => {
      const plain = field.replace(/^"(.*)"$/s, "$1");
      const at = plain.indexOf("=");
      return at < 0 ? [plain.toLowerCase(), ""] : [plain.slice(0, at).toLowerCase(), plain.slice(at + 1)];
    }),
  );
  const type = options.get("type");
  if (type !== "secret" && type !== "ssh") return undefined;
  const named = options.get("id");
  const target = options.get("target") ?? options.get("dst") ?? options.get("destination");
  return { type, id: named || (type === "ssh" ? "default" : (target?.split("/").at(-1) ?? options.get("env"))) };
}
