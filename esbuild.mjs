import { build } from "esbuild";

const production = process.argv.includes("--production");

/** What dockerode carries and this extension does by itself: packing a folder, BuildKit's session and progress, ssh. An empty module stands in. */
const notUsed = /^(?:tar-fs|ssh2|@balena\/dockerignore|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;

/** @type {import("esbuild").Plugin} */
const leaveOut = {
  name: "leave-out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: notUsed }, ({ path }) => ({ path, namespace: "leave-out" }));
    onLoad({ filter: /.*/, namespace: "leave-out" }, () => ({ contents: "" }));
  },
};

const result = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  plugins: [leaveOut],
  minify: production,
  sourcemap: production ? false : "linked",
  metafile: true,
  logLevel: "warning",
});
console.log(`dist/extension.js ${Math.round((result.metafile.outputs["dist/extension.js"]?.bytes ?? 0) / 1024)} KiB`);
