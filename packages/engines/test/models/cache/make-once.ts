import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { storeModel } from "../../../src/models/cache/store.ts";

/** Stores a model slowly: make-once.ts FOLDER LOG MILLISECONDS; each making leaves a line in LOG. */
const [folder = "", log = "", pause = "0"] = process.argv.slice(2);
await storeModel({
  folder,
  produce: async (temporary) => {
    await appendFile(log, "made\n");
    await writeFile(join(temporary, "m.gguf"), "half");
    await sleep(Number(pause));
    await writeFile(join(temporary, "m.gguf"), "whole");
    return { name: "m", format: "gguf", source: "test", synthetic: true, weights: "files" };
  },
});
