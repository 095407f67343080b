"use strict";
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

/** The API of the real extension, as far as it is used: the file `selected-python` in a folder holds the version. */
exports.activate = () => ({
  environments: {
    /** @param {{ readonly fsPath: string }} resource */
    getActiveEnvironmentPath: (resource) => ({ id: "python", path: join(resource.fsPath, "selected-python") }),
    /** @param {{ readonly path: string }} environment */
    resolveEnvironment: async ({ path }) => {
      if (!existsSync(path)) return undefined;
      const [major, minor] = readFileSync(path, "utf8").split(".").map(Number);
      return { version: { major, minor, micro: 0 } };
    },
  },
});
