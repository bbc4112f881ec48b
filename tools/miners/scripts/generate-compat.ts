/** Writes engine_versions/<engine>.compat.json from the corpora; `--check` compares. */
import { compatFile } from "./compat-file.ts";
import { corpora } from "./corpora.ts";
import { writeOrCheck } from "./generated-file.ts";

writeOrCheck((await corpora()).map(compatFile), process.argv);
