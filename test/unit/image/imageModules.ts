/** The import that a module begins with. */
export const api = 'import { Image } from "image-builders";\n';

/** Leaves a process behind, whose id it prints. */
export const leaveBehind = (options: string): string =>
  'import { spawn } from "node:child_process";\n' +
  'console.log(spawn(process.execPath, ["-e", "setTimeout(() => 0, 300_000)"], ' +
  `{ stdio: "inherit", cwd: "/", ${options} }).pid);\nprocess.exit();\n`;

/** Ends with a report such as Node writes of what is no JavaScript. */
export const printed = (place: string): string => {
  const report = JSON.stringify(`${place}\nfoo\n^\nSyntaxError: bar\n`);
  return `import { writeSync } from "node:fs";\nwriteSync(2, ${report});\nprocess.exit(1);\n`;
};
