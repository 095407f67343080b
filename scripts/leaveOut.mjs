/**
 * Packages that are replaced with an empty module: parts of dockerode that this extension implements itself (packing a
 * folder, BuildKit's session and progress, SSH), and the HTTP client of Google's library.
 */
const notUsed =
  /^(?:tar-fs|ssh2|@balena\/dockerignore|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs|node-fetch|https-proxy-agent)$/;

/**
 * Leaves out of a bundle what is never run.
 *
 * @type {import("esbuild").Plugin}
 */
export const leaveOut = {
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: notUsed }, ({ path }) => ({ path, namespace: "leave-out" }));
    onLoad({ filter: /.*/, namespace: "leave-out" }, () => ({ contents: "" }));
  },
};
