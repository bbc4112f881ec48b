import type { JsonValue, UnavailableReason } from "@lem/domain";

/** What NVML said to one question: a value, or its return code (`nvmlReturn_t`, never 0 here). */
export type NvmlAnswer =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly code: number };

/** A reason and a sentence for a person. */
export interface Missing {
  readonly reason: UnavailableReason;
  readonly detail: string;
}

/** NVML's name of each return code (nvml.h, `nvmlReturn_t`) and what it means for a fact. */
const CODES: Readonly<Record<number, readonly [name: string, reason: UnavailableReason]>> = {
  1: ["uninitialized", "read-failed"],
  2: ["invalid argument", "not-supported"],
  3: ["not supported by this GPU or driver", "not-supported"],
  4: ["no permission: ask the administrator, or run as a user with access to /dev/nvidia*", "no-permission"],
  6: ["not found", "not-supported"],
  7: ["insufficient size", "read-failed"],
  8: ["the GPU's external power cables are not attached", "read-failed"],
  9: ["the NVIDIA driver is not loaded: load it, or start the container with its GPUs", "no-sensor"],
  10: ["timeout", "read-failed"],
  11: ["interrupt problem with the GPU", "read-failed"],
  12: ["the NVML library was not found", "no-sensor"],
  13: ["this driver's NVML has no such function: update the driver", "not-supported"],
  14: ["the GPU's info ROM is corrupt", "read-failed"],
  15: ["the GPU has fallen off the bus", "read-failed"],
  16: ["the GPU needs a reset", "read-failed"],
  17: ["the operating system blocks the GPU", "no-permission"],
  18: ["the driver and its library have different versions: reboot after the driver update", "read-failed"],
  19: ["the GPU is in use", "read-failed"],
  20: ["insufficient memory", "read-failed"],
  21: ["no data", "not-supported"],
  22: ["no ECC on this virtual GPU", "not-supported"],
  23: ["insufficient resources", "read-failed"],
  24: ["no such frequency", "not-supported"],
  25: ["the driver speaks another version of this call", "not-supported"],
  26: ["no longer offered by this driver", "not-supported"],
  27: ["not ready", "read-failed"],
  28: ["no GPUs were found", "no-sensor"],
  29: ["invalid state", "read-failed"],
};

/** Maps an NVML return code to the reason and sentence of a missing fact. */
export function missingFromCode(code: number, call: string): Missing {
  const [name, reason] = CODES[code] ?? ["unknown error", "read-failed"];
  return { reason, detail: `${call}: ${name} (NVML code ${code})` };
}
