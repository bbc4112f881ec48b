/** After `tsc`: copies what the sources read at run time and the compiler leaves out (Python, texts) from src to dist. */
import { cpSync, globSync } from "node:fs";
import { join } from "node:path";

for (const file of globSync("src/**/*.{py,txt,json}")) cpSync(file, join("dist", file.slice("src/".length)));
