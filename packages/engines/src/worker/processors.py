"""How many processors this process may use."""

import math
import os


def processors():
    """The processors of its affinity, or the CPU quota of its control groups if that is less; at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota = cpu_quota()
    return count if quota is None else max(1, min(count, math.ceil(quota)))


def cpu_quota():
    """The tightest CPU quota on the way up the control groups, in processors; None without one."""
    quotas = [q for folder in cgroup_folders() for q in (quota_v2(folder), quota_v1(folder)) if q is not None]
    return min(quotas, default=None)


def cgroup_folders():
    try:
        with open("/proc/self/cgroup") as file:
            entries = [line.rstrip("\n").split(":", 2) for line in file]
    except OSError:
        return
    for _, controllers, path in entries:
        if controllers and "cpu" not in controllers.split(","):
            continue
        root = "/sys/fs/cgroup/" + controllers
        while True:
            yield root + path
            if path in ("", "/"):
                break
            path = os.path.dirname(path)


def quota_v2(folder):
    try:
        with open(os.path.join(folder, "cpu.max")) as file:
            quota, period = file.read().split()
    except (OSError, ValueError):
        return None
    return None if quota == "max" else int(quota) / int(period)


def quota_v1(folder):
    try:
        with open(os.path.join(folder, "cpu.cfs_quota_us")) as quota, open(os.path.join(folder, "cpu.cfs_period_us")) as period:
            value = int(quota.read())
            return value / int(period.read()) if value > 0 else None
    except (OSError, ValueError):
        return None
