let registered = false;

/**
 * Has this process end without its threads. A thread that hangs in a call of the driver cannot be ended, and Node waits
 * for all its threads when it exits: a hung driver would keep the process for ever, long after its work is done.
 */
export async function exitWithoutThreads(): Promise<void> {
  if (registered) return;
  registered = true;
  try {
    const koffi = await import("koffi");
    const exit = koffi.load(null).func("_exit", "void", ["int"]);
    process.on("exit", (code) => exit(code));
  } catch {
    // Without the library no thread was ever in a call of the driver.
  }
}
