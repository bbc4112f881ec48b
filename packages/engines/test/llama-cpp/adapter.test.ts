import { describe, expect, it } from "vitest";
import { binaryName, findBinding } from "../../src/llama-cpp/binding.ts";
import { readEngineVersions } from "../../src/versions.ts";
import { adapterContract } from "../adapter-contract.ts";

adapterContract({
  id: "llama-cpp",
  locate: { enginesDir: "/nonexistent", env: process.env },
  expected: "installed",
});

describe("the binding on this machine", () => {
  it("is of the version that engine_versions names, with binaries for processors", () => {
    const binding = findBinding();
    expect(binding?.version).toBe(readEngineVersions("llama-cpp").current);
    expect(binding?.variants.at(-1)).toBe("cpu");
    expect(binding?.llamaCpp).toMatch(/\d/);
  });

  it("has no binaries for a system that it is not built for", () => {
    expect(findBinding({ platform: "aix", arch: "ppc64" })?.variants).toEqual([]);
  });

  it("names its packages of binaries by system, processor and kind of GPU", () => {
    expect(binaryName({ platform: "linux", arch: "x64" }, "cpu")).toBe("linux-x64");
    expect(binaryName({ platform: "linux", arch: "x64" }, "cuda")).toBe("linux-x64-cuda");
    expect(binaryName({ platform: "linux", arch: "arm" }, "cpu")).toBe("linux-armv7l");
    expect(binaryName({ platform: "darwin", arch: "arm64" }, "metal")).toBe("mac-arm64-metal");
    expect(binaryName({ platform: "win32", arch: "x64" }, "vulkan")).toBe("win-x64-vulkan");
  });
});
