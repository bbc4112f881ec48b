import { fileURLToPath } from "node:url";
import type { EngineAdapter, EngineInstallation, LocateOptions } from "../adapter.ts";
import { binaryName, findBinding } from "./binding.ts";
import { gpuBinariesFolders } from "./gpu-binaries.ts";

const WORKER = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url));

/** llama.cpp through its Node binding: the embedded default, which needs neither Python nor a GPU. */
export const llamaCppAdapter: EngineAdapter = {
  id: "llama-cpp",
  title: "llama.cpp",
  sections: ["llama", "model", "context", "sampling"],
  formats: ["gguf"],
  concurrent: true,
  locate,
};

function locate({ version: wanted, enginesDir }: LocateOptions): Promise<EngineInstallation> {
  const folders = gpuBinariesFolders(enginesDir, findBinding()?.version ?? "");
  const binding = findBinding({ folders });
  if (binding === undefined) return missing("the package node-llama-cpp is not installed", REINSTALL);
  const { version, variants, folder } = binding;
  if (variants.length === 0) {
    const name = `@node-llama-cpp/${binaryName(process, "cpu")}`;
    return missing(`node-llama-cpp ${version} has no binaries for this machine (${name})`, REINSTALL);
  }
  if (wanted !== undefined && wanted !== version) {
    return missing(`this program comes with node-llama-cpp ${version}, not ${wanted}`, `ask for version ${version}`);
  }
  const command = { file: process.execPath, args: [WORKER, ...folders], env: WORKER_ENV };
  return Promise.resolve({ status: "installed", version, variant: variants.join(" + "), where: folder, command });
}

/**
 * One thread for what the binding does aside. With more it samples several sequences at once, and llama.cpp sorts its
 * outputs on first use without a lock, so that sequences are handed one another's tokens. Computing has its own threads.
 */
const WORKER_ENV: Readonly<Record<string, string>> = { UV_THREADPOOL_SIZE: "1" };

const REINSTALL = "install this program again with its optional dependencies";

const missing = (reason: string, hint: string): Promise<EngineInstallation> =>
  Promise.resolve({ status: "missing", reason, hint });
