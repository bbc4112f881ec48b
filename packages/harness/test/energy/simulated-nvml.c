/*
 * A library with the names and parameters of NVML whose GPU exists in arithmetic only. Its power is a square wave, so
 * that every energy is known exactly:
 *   SIM_LOW_W, SIM_HIGH_W, SIM_PERIOD_MS, SIM_DUTY   the wave, from the wall clock's second 0
 *   SIM_GPUS        number of GPUs; GPU n draws n times SIM_STEP_W more
 *   SIM_LOST_S      the GPU falls off the bus that many seconds after the start
 *   SIM_HOLE_S      "from:to": the ring keeps no samples between these seconds after the start
 *   SIM_RESET_S     the counter begins anew that many seconds after the start
 *   SIM_WRONG       factor by which the counter lies
 *   SIM_THROTTLE    throttle reasons
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long long u64;
typedef struct { u64 stamp; union { unsigned u; double d; u64 l; } value; } sample_t;

static double number(const char *name, double otherwise) { const char *text = getenv(name); return text ? atof(text) : otherwise; }
static u64 wall_us(void) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t); return t.tv_sec * 1000000ull + t.tv_nsec / 1000; }
static u64 start_us;
static u64 started(void) { if (!start_us) start_us = wall_us(); return start_us; }
static double since_start(u64 us) { return ((double)us - (double)started()) / 1e6; }

static double extra(void *device) { return number("SIM_STEP_W", 10) * (double)((u64)device & 0xff); }
/* Energy in joules since second 0, of the wave alone. */
static double wave_energy(u64 us) {
  double low = number("SIM_LOW_W", 100), high = number("SIM_HIGH_W", 300), duty = number("SIM_DUTY", 1);
  u64 period = (u64)(number("SIM_PERIOD_MS", 1000) * 1000);
  double within = (double)(us % period), on = duty * period;
  double busy = (double)(us / period) * on + (within < on ? within : on);
  return (low * (double)us + (high - low) * busy) / 1e6;
}
static double energy(void *device, u64 from, u64 to) { return wave_energy(to) - wave_energy(from) + extra(device) * (double)(to - from) / 1e6; }
static int lost(void) { double at = number("SIM_LOST_S", -1); return at >= 0 && since_start(wall_us()) > at; }
static int in_hole(u64 us) {
  const char *hole = getenv("SIM_HOLE_S");
  double from, to;
  if (!hole || sscanf(hole, "%lf:%lf", &from, &to) != 2) return 0;
  return since_start(us) > from && since_start(us) < to;
}

int nvmlInit_v2(void) { started(); return 0; }
int nvmlShutdown(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = (unsigned)number("SIM_GPUS", 1); return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
  if (index >= (unsigned)number("SIM_GPUS", 1)) return 2;
  *device = (void *)(0x7fff00000000ull + index);
  return 0;
}
int nvmlDeviceGetName(void *device, char *name, unsigned length) { snprintf(name, length, "Simulated GPU"); return 0; }
int nvmlDeviceGetUUID(void *device, char *uuid, unsigned length) { snprintf(uuid, length, "GPU-sim%llu", (u64)device & 0xff); return 0; }
int nvmlSystemGetDriverVersion(char *version, unsigned length) { snprintf(version, length, "0.1-simulated"); return 0; }
int nvmlDeviceGetTotalEnergyConsumption(void *device, u64 *millijoules) {
  if (lost()) return 15;
  usleep(3000);
  u64 tick = wall_us() / 100000 * 100000;
  double reset = number("SIM_RESET_S", -1), since = started() - 3600e6;
  if (reset >= 0 && since_start(tick) > reset) since = started() + (u64)(reset * 1e6);
  *millijoules = (u64)(1e3 * number("SIM_WRONG", 1) * energy(device, (u64)since, tick));
  return 0;
}
int nvmlDeviceGetSamples(void *device, int type, u64 since, int *kind, unsigned *count, sample_t *samples) {
  if (lost()) return 15;
  if (type != 0) return 3;
  u64 newest = wall_us() / 20000 * 20000, oldest = newest - 118 * 20000;
  unsigned found = 0;
  for (u64 at = oldest; at <= newest; at += 20000) {
    if (at <= since || in_hole(at)) continue;
    if (samples && found < *count) { samples[found].stamp = at; samples[found].value.u = (unsigned)(energy(device, at - 20000, at) / 0.02 * 1e3 + 0.5); }
    found++;
  }
  *kind = 1;
  *count = found;
  return found ? 0 : 6;
}
int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius) { if (lost()) return 15; *celsius = 50; return 0; }
int nvmlDeviceGetClockInfo(void *device, int type, unsigned *mhz) { if (lost()) return 15; *mhz = type == 1 ? 1980 : 2619; return 0; }
int nvmlDeviceGetCurrentClocksEventReasons(void *device, u64 *reasons) { if (lost()) return 15; *reasons = (u64)number("SIM_THROTTLE", 0); return 0; }
int nvmlDeviceGetUtilizationRates(void *device, unsigned *rates) { if (lost()) return 15; rates[0] = 100; rates[1] = 30; return 0; }
int nvmlDeviceGetMemoryInfo(void *device, u64 *memory) { if (lost()) return 15; memory[0] = 80ull << 30; memory[1] = 70ull << 30; memory[2] = 10ull << 30; return 0; }
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) { if (lost()) return 15; *milliwatts = 700000; return 0; }
int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) { if (lost()) return 15; *milliwatts = 300000; return 0; }
