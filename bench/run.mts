// Runs all benchmarks. Each file can also run alone: npx tsx bench/<file>
for (const file of [
  "startup.mts",
  "typing.mts",
  "context.ts",
  "dockerignore.mts",
  "builds.mts",
  "push.mts",
  "distance.mts",
  "embedded.mts",
  "history.mts",
]) {
  console.log(`\n${file}`);
  await import(`./${file}`);
}

export {};
