/** Returns the last lines of what a program printed, because its reason follows banners and warnings. */
export function lastWords(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-3)
    .join(" ")
    .replace(/\.$/, "");
}
