/**
 * What dockerode carries and this extension does by itself: packing a folder, BuildKit's session and progress, ssh; and
 * what Google's library would ask the network with. An empty module stands in.
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
