import { buildInputOf, checkFolder } from "../buildInput";
import type { Run } from "../command";
import { buildOptions } from "../commandOptions";
import { printResult } from "../console";
import { usageError, type ParsedArguments } from "../parsedArguments";
import { fullNames } from "./fullNames";
import { resultJson, resultText } from "./resultText";
import { secretsOf } from "./secretOptions";

/** Prepares the command `build`. @throws ImageBuilderError `optionInvalid` */
export async function prepareBuild(args: ParsedArguments): Promise<Run> {
  const { root, options } = buildInputOf(args);
  const written = args.values(buildOptions.tag);
  if (written.length === 0) throw usageError('Specify an image name with "--tag NAME".');
  const secrets = secretsOf(args.values(buildOptions.secret), process.env);
  const isPushed = args.has(buildOptions.push);
  return async (signal) => {
    checkFolder(root);
    const [imageName = "", ...tags] = fullNames(written);
    const request = {
      root,
      imageName,
      isPushed,
      options: {
        ...options,
        tags,
        ...(Object.keys(secrets).length > 0 && { secrets }),
        ...(args.has(buildOptions.noCache) && { noCache: true }),
        ...(args.has(buildOptions.pull) && { pull: true }),
      },
    };
    const [{ runBuild }, { BuildProgress }] = await Promise.all([import("./runBuild"), import("./buildProgress")]);
    const wanted = process.env["BUILDKIT_PROGRESS"];
    const progress = new BuildProgress(args.has(buildOptions.quiet) || wanted === "quiet", wanted === "plain");
    const result = await runBuild(request, progress, signal).finally(() => progress.end());
    await printResult(args.has(buildOptions.json) ? resultJson(result) : resultText(result));
    return 0;
  };
}
