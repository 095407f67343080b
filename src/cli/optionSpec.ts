/** Option of a command. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** Placeholder of the value in the help; undefined for a flag. */
  readonly value?: string;
  /** Whether the option can be repeated. */
  readonly isRepeated?: boolean;
  readonly help: string;
}

/** Options that several commands share. */
export const sharedOptions = {
  dockerfile: {
    name: "dockerfile",
    short: "f",
    value: "FILE",
    help: "Path of the Dockerfile, relative to the current folder or to FOLDER (default: FOLDER/Dockerfile)",
  },
  target: { name: "target", value: "STAGE", help: "Stage to stop at, by name or number (default: the last)" },
  platform: {
    name: "platform",
    value: "PLATFORM",
    isRepeated: true,
    help: "Platform to build for, such as linux/arm64; separate several with commas",
  },
  buildArg: {
    name: "build-arg",
    value: "NAME=VALUE",
    isRepeated: true,
    help: "Build argument; without =VALUE, the value comes from the environment",
  },
  buildContext: {
    name: "build-context",
    value: "NAME=SOURCE",
    isRepeated: true,
    help: "Folder, docker-image://…, oci-layout://… or https://… that replaces a stage or image of the Dockerfile",
  },
  json: { name: "json", help: "Print the result as JSON" },
  help: { name: "help", short: "h", help: "Show this help" },
} as const satisfies Readonly<Record<string, OptionSpec>>;
