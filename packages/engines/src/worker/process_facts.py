"""What this process has used of processors and memory."""

import os
import time

peak_is_fresh = False


def cpu_seconds():
    """CPU seconds so far of this process and its descendants, dead (where waited for) and alive; take differences."""
    times = os.times()
    own = time.process_time() + times.children_user + times.children_system
    return own + sum(descendant_ticks().values()) / os.sysconf("SC_CLK_TCK")


def resident_bytes():
    """Resident memory of this process now, or None where the system does not say."""
    return status_bytes("VmRSS")


def reset_process_peak():
    """Begins a new peak of resident memory; False where the kernel does not let a process do so."""
    global peak_is_fresh
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        peak_is_fresh = False
        return False
    peak, now = status_bytes("VmHWM"), status_bytes("VmRSS")
    # Some sandboxes accept the write and do nothing.
    peak_is_fresh = peak is not None and now is not None and peak <= now * 1.01 + (1 << 20)
    return peak_is_fresh


def process_peak_bytes():
    """Peak resident memory of this process since `reset_process_peak`, else None: never the peak of its lifetime."""
    return status_bytes("VmHWM") if peak_is_fresh else None


def status_bytes(field):
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def descendant_ticks():
    """Clock ticks used by each living descendant and by the children it waited for."""
    parents, ticks = {}, {}
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            parents[int(name)] = int(fields[1])
            ticks[int(name)] = sum(int(f) for f in fields[11:15])
    mine = os.getpid()
    return {pid: used for pid, used in ticks.items() if pid != mine and descends(pid, mine, parents)}


def descends(pid, ancestor, parents):
    while pid in parents:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False
