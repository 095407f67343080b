import { build } from "esbuild";

const production = process.argv.includes("--production");

const result = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // dockerode's ssh2 has optional native parts that it does without.
  external: ["vscode", "cpu-features", "*.node"],
  minify: production,
  sourcemap: production ? false : "linked",
  metafile: true,
  logLevel: "warning",
});
console.log(`dist/extension.js ${Math.round((result.metafile.outputs["dist/extension.js"]?.bytes ?? 0) / 1024)} KiB`);
