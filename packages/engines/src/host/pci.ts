import { listNames, readText, type HostOptions } from "./files.ts";

const DEVICES = "/sys/bus/pci/devices";
const NVIDIA_VENDOR = "0x10de";
/** PCI base class 3 is a display controller: VGA (0300) and 3D (0302) GPUs. */
const DISPLAY_CLASS = "0x03";

/** How many NVIDIA GPUs are on the PCI bus, driver or not; undefined when the bus cannot be listed. */
export async function nvidiaDevicesOnBus(host: HostOptions): Promise<number | undefined> {
  const names = await listNames(host, DEVICES);
  if (names.length === 0) return undefined;
  const found = await Promise.all(
    names.map(async (name) => {
      const [vendor, kind] = await Promise.all([
        readText(host, `${DEVICES}/${name}/vendor`),
        readText(host, `${DEVICES}/${name}/class`),
      ]);
      return vendor.ok && kind.ok && vendor.text === NVIDIA_VENDOR && kind.text.startsWith(DISPLAY_CLASS);
    }),
  );
  return found.filter(Boolean).length;
}
