/** A field of the first processor in a text of /proc/cpuinfo. */
export const cpuinfoField = (text: string, name: string): string | undefined =>
  new RegExp(`^${name}\\s*:\\s*(.+)$`, "m").exec(text)?.[1]?.trim();
