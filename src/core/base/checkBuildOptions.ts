import { isAbsolute } from "node:path";
import * as z from "zod";
import { ImageBuilderError } from "./errors";
import type { BuildOptions } from "./buildOptions";
import { groupBy } from "./groupBy";
import { plainIssues } from "./plainIssues";
import { contextSource } from "./contextSource";
import { contextName } from "./imageReference";
import { platformsPattern } from "./platforms";
import { isHomePath } from "./homePath";

const texts = z.record(z.string().min(1), z.string());
const sizeBytes = z.int().positive();
const text = z.string().min(1);
const absolutePath = z.string().refine(isAbsolute, { error: "must be an absolute path" });
const secretSource = z.union(
  [z.strictObject({ env: text }), z.strictObject({ file: text }), z.strictObject({ secret: text })],
  {
    error: 'must be written as { "env": "NAME" }, { "file": "path" } or { "secret": "name" }',
  },
);

/** Limit on named contexts: the Dockerfile is read for each of them, and each may require a confirmation. */
const mostContexts = 100;

const buildOptionsSchema = z.strictObject({
  dockerfile: absolutePath.optional(),
  tags: z.array(z.string()).optional(),
  buildArgs: texts.optional(),
  buildContexts: z
    .record(
      z.string().refine((name) => contextName(name) !== undefined, {
        error: 'must have the form of an image name, such as "app" or "alpine:3.20"',
      }),
      z.string().superRefine((source, context) => {
        const checked = contextSource(source);
        if (typeof checked === "string") context.addIssue({ code: "custom", message: checked });
      }),
    )
    .refine((contexts) => Object.keys(contexts).length <= mostContexts, {
      error: `must have at most ${mostContexts} entries`,
    })
    .optional(),
  labels: texts.optional(),
  target: z.string().min(1).optional(),
  platform: z
    .string()
    .regex(platformsPattern, {
      error: 'must be os/architecture, such as "linux/arm64", or a comma-separated list of these',
    })
    .optional(),
  networkMode: z.string().min(1).optional(),
  cacheFrom: z
    .array(
      z.string().regex(/^(?!type=)\S+$|^type=registry,ref=[^,\s]+$/, {
        error: 'must be an image name or "type=registry,ref=<name>"',
      }),
    )
    .optional(),
  cacheTo: z
    .array(
      z.string().regex(/^type=inline$|^type=registry(,[^,=\s]+=[^,\s]*)*,ref=[^,\s]+/, {
        error: 'must be "type=inline" or "type=registry,ref=<name>"',
      }),
    )
    .optional(),
  extraHosts: z.array(z.string().regex(/^[^:=\s]+[:=]\S+$/, { error: 'must be written as "host:address"' })).optional(),
  noCache: z.boolean().optional(),
  noCacheFilter: z.array(z.string().regex(/^[^,\s]+$/, { error: "must be a stage name" })).optional(),
  pull: z.boolean().optional(),
  secrets: z.record(text, secretSource).optional(),
  ssh: z
    .record(
      text,
      z.string().refine((from) => from === "agent" || isHomePath(from) || isAbsolute(from), {
        error: 'must be "agent" or the absolute path of a socket or key',
      }),
    )
    .optional(),
  output: z.strictObject({ type: z.enum(["local", "tar", "oci", "docker"]), dest: absolutePath }).optional(),
  shmSizeBytes: sizeBytes.optional(),
  ulimits: z
    .array(
      z.string().regex(/^[a-z]+=-?\d+(:-?\d+)?$/, {
        error: 'must be written as name=soft or name=soft:hard, such as "nofile=1024:2048"',
      }),
    )
    .optional(),
  squash: z.boolean().optional(),
  memoryBytes: sizeBytes.optional(),
  memorySwapBytes: z.int().optional(),
  cpuShares: z.int().nonnegative().optional(),
  cpuSetCpus: z.string().min(1).optional(),
  isolation: z.enum(["default", "process", "hyperv"]).optional(),
  builder: z.enum(["auto", "buildkit", "classic"]).optional(),
}) satisfies z.ZodType<BuildOptions>;

/** Names of options in other tools, with their names here. */
const otherNames: Readonly<Record<string, string>> = {
  buildargs: "buildArgs",
  build_args: "buildArgs",
  build_contexts: "buildContexts",
  build_context: "buildContexts",
  buildContext: "buildContexts",
  additional_contexts: "buildContexts",
  contexts: "buildContexts",
  namedContexts: "buildContexts",
  network_mode: "networkMode",
  network: "networkMode",
  cache_from: "cacheFrom",
  cachefrom: "cacheFrom",
  cache_to: "cacheTo",
  no_cache_filter: "noCacheFilter",
  extra_hosts: "extraHosts",
  extrahosts: "extraHosts",
  nocache: "noCache",
  no_cache: "noCache",
  shmsize: "shmSizeBytes",
  shm_size: "shmSizeBytes",
  ulimit: "ulimits",
  secret: "secrets",
  container_limits: "memoryBytes, memorySwapBytes, cpuShares or cpuSetCpus",
  tag: "tags",
  t: "tags",
};

/** Limits on the reported problems and on the characters of a name: both may come from any caller. */
const mostProblems = 20;
const longestName = 200;

/** Options that have been checked, each for the whole of its build. */
const checkedOptions = new WeakSet<object>();

/**
 * Checks options before anything is sent, and returns them frozen. Options that it has returned before are returned as
 * they are.
 *
 * @throws ImageBuilderError `optionInvalid`, naming each unknown option and each value of a wrong type
 */
export function checkBuildOptions(options: unknown): BuildOptions {
  if (isChecked(options)) return options;
  const checked = buildOptionsSchema.safeParse(options ?? {}, { error: plainIssues(String) });
  if (checked.success) {
    checkedOptions.add(checked.data);
    return Object.freeze(checked.data);
  }
  const problems = [...groupBy(checked.error.issues, ({ path }) => path.join(".")).values()].flatMap((issues) => {
    // Of several about a value, the last is about its meaning.
    const issue = issues.at(-1);
    if (issue === undefined) return [];
    if (issue.code === "unrecognized_keys") return issue.keys.map(describeUnknown);
    const place = issue.path.join(".").slice(0, longestName);
    return [place === "" ? reasonOf(issue) : `"${place}": ${reasonOf(issue)}`];
  });
  const others = problems.length > mostProblems ? `; and ${problems.length - mostProblems} more` : "";
  throw new ImageBuilderError(
    "optionInvalid",
    `Invalid build options: ${problems.slice(0, mostProblems).join("; ")}${others}.`,
    { cause: checked.error },
  );
}

/** Returns what is wrong with a value or with its name. */
function reasonOf(issue: z.core.$ZodIssue): string {
  return (issue.code === "invalid_key" && issue.issues[0]?.message) || issue.message;
}

function isChecked(options: unknown): options is BuildOptions {
  return typeof options === "object" && options !== null && checkedOptions.has(options);
}

function describeUnknown(name: string): string {
  const known = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
  return known ? `use ${known} instead of "${name}"` : `unknown build option "${name.slice(0, longestName)}"`;
}
