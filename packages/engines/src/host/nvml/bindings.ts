import type { LibraryHandle } from "koffi";
import { missingFromCode, type Missing, type NvmlAnswer } from "./answer.ts";
import { NVML_CALLS, type CallShape, type NvmlCall, type Parameter } from "./calls.ts";
import { FUNCTION_NOT_FOUND, NvmlFunctions, type NvmlFunction } from "./functions.ts";
import { openGpm, type GpmOpening } from "./gpm.ts";

/** A GPU by its NVML index, or one of its MIG devices: `"0:2"` is MIG device 2 of GPU 0. */
export type NvmlDevice = number | `${number}:${number}`;

/** An open NVML session. Questions never throw; tests replay recorded answers through this interface. */
export interface Nvml {
  /** Asks one question: its devices first, then its plain arguments, in the order of the C call. */
  ask(call: NvmlCall, ...args: readonly NvmlDevice[]): NvmlAnswer;
  /** Opens the hardware utilisation metrics of a GPU. */
  gpm(device: NvmlDevice): GpmOpening;
  /** Shuts NVML down; no question may follow. */
  close(): void;
}

/** NVML on this machine: open, or missing with the reason. */
export type NvmlOpening = { readonly status: "open"; readonly nvml: Nvml } | ({ readonly status: "missing" } & Missing);

const LIBRARIES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: [
    "libnvidia-ml.so.1",
    "/usr/lib/wsl/lib/libnvidia-ml.so.1",
    "/usr/local/nvidia/lib64/libnvidia-ml.so.1",
    "/usr/local/nvidia/lib/libnvidia-ml.so.1",
  ],
  win32: ["nvml.dll"],
};

const INVALID_ARGUMENT = 2;
const NOT_SUPPORTED = 3;

type Handle = { readonly ok: true; readonly value: bigint } | { readonly ok: false; readonly code: number };

const C_TYPES: Readonly<Record<Exclude<Parameter, number>, string>> = {
  device: "uintptr_t",
  u32: "uint32_t",
  u64: "uint64_t",
  size: "uint32_t",
  one: "int32_t",
  zero64: "uint64_t",
  null: "void *",
};

const cType = (parameter: Parameter): string => (typeof parameter === "number" ? "void *" : C_TYPES[parameter]);

class LibraryNvml implements Nvml {
  readonly #functions: NvmlFunctions;
  readonly #handles = new Map<NvmlDevice, Handle>();

  constructor(functions: NvmlFunctions) {
    this.#functions = functions;
  }

  ask(call: NvmlCall, ...args: readonly NvmlDevice[]): NvmlAnswer {
    const form: CallShape = NVML_CALLS[call];
    const run = this.#functions.get(form.symbol ?? call, form.parameters.map(cType));
    if (run === undefined) return { ok: false, code: FUNCTION_NOT_FOUND };
    const devices = form.parameters.filter((parameter) => parameter === "device").length;
    const handles: bigint[] = [];
    for (const device of args.slice(0, devices)) {
      const handle = this.#handle(device);
      if (!handle.ok) return handle;
      handles.push(handle.value);
    }
    const plain = args.slice(devices).map(Number);
    const out = Buffer.alloc(form.bytes);
    form.prepare?.(out, plain);
    return form.read(out, run(...parametersOf(form, out, handles, plain)));
  }

  gpm(device: NvmlDevice): GpmOpening {
    const support = this.ask("nvmlGpmQueryDeviceSupport", device);
    if (!support.ok) return support;
    if (support.value !== 1) return { ok: false, code: NOT_SUPPORTED };
    const handle = this.#handle(device);
    return handle.ok ? openGpm(this.#functions, handle.value) : handle;
  }

  close(): void {
    this.#functions.get("nvmlShutdown", [])?.();
    this.#handles.clear();
  }

  #handle(device: NvmlDevice): Handle {
    const known = this.#handles.get(device) ?? this.#findHandle(device);
    this.#handles.set(device, known);
    return known;
  }

  #findHandle(device: NvmlDevice): Handle {
    const out = Buffer.alloc(8);
    const code = typeof device === "number" ? this.#indexHandle(device, out) : this.#migHandle(device, out);
    return code === 0 ? { ok: true, value: out.readBigUInt64LE(0) } : { ok: false, code };
  }

  #indexHandle(index: number, out: Buffer): number {
    const find = this.#functions.get("nvmlDeviceGetHandleByIndex_v2", ["uint32_t", "void *"]);
    return find?.(index, out) ?? FUNCTION_NOT_FOUND;
  }

  #migHandle(device: string, out: Buffer): number {
    const [gpu, mig] = device.split(":").map(Number);
    if (gpu === undefined || mig === undefined) return INVALID_ARGUMENT;
    const parent = this.#handle(gpu);
    if (!parent.ok) return parent.code;
    const find = this.#functions.get("nvmlDeviceGetMigDeviceHandleByIndex", ["uintptr_t", "uint32_t", "void *"]);
    return find?.(parent.value, mig, out) ?? FUNCTION_NOT_FOUND;
  }
}

function parametersOf(form: CallShape, out: Buffer, handles: readonly bigint[], plain: readonly number[]): unknown[] {
  const constants = { size: out.length, one: 1, zero64: 0n, null: null };
  const devices = handles.values();
  const numbers = plain.values();
  return form.parameters.map((parameter) => {
    if (typeof parameter === "number") return out.subarray(parameter);
    if (parameter === "device") return devices.next().value;
    if (parameter === "u32") return numbers.next().value;
    return parameter === "u64" ? BigInt(numbers.next().value ?? 0) : constants[parameter];
  });
}

/**
 * Loads NVML and initialises it, off the event loop: the first client of a driver without persistence mode may wait
 * for seconds. Never throws: a machine without driver, library or prebuilt FFI answers `missing`.
 */
export async function openNvml(): Promise<NvmlOpening> {
  const names = LIBRARIES[process.platform];
  if (names === undefined) return missing("not-supported", `there is no NVML on ${process.platform}`);
  const koffi = await import("koffi").catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (typeof koffi === "string") return missing("not-supported", `the FFI library koffi did not load: ${koffi}`);
  const library = firstThatLoads(names, koffi.load);
  if (library === undefined) return missing("no-sensor", "the NVIDIA driver's library libnvidia-ml is not installed");
  const functions = new NvmlFunctions(library);
  const init = functions.get("nvmlInit_v2", []);
  const code = init === undefined ? FUNCTION_NOT_FOUND : await callOffLoop(init);
  if (code !== 0) return { status: "missing", ...missingFromCode(code, "nvmlInit_v2") };
  return { status: "open", nvml: new LibraryNvml(functions) };
}

const missing = (reason: Missing["reason"], detail: string): NvmlOpening => ({ status: "missing", reason, detail });

function firstThatLoads(names: readonly string[], load: (name: string) => LibraryHandle): LibraryHandle | undefined {
  for (const name of names) {
    try {
      return load(name);
    } catch {
      // The next place is tried; that none is left is told by openNvml.
    }
  }
  return undefined;
}

const callOffLoop = (call: NvmlFunction): Promise<number> =>
  new Promise((resolve, reject) => {
    call.async((error: Error | null, code: number) => (error === null ? resolve(code) : reject(error)));
  });
