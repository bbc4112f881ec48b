/*
 * A library with the names and parameters of NVML whose GPU exists in arithmetic only. Its power is a square wave, so
 * that every energy is known exactly:
 *   SIM_LOW_W, SIM_HIGH_W, SIM_PERIOD_MS, SIM_DUTY   the wave, from the wall clock's second 0
 *   SIM_TRACE       a file of recorded power, "microseconds milliwatts" a line, that is repeated in place of the wave
 *   SIM_GPUS        number of GPUs; GPU n draws n times SIM_STEP_W more
 *   SIM_TRIGGER     a file: where given, the seconds of faults count from when it appears, not from the start
 *   SIM_LOST_S      the GPU falls off the bus that many seconds after the start
 *   SIM_HANG_S      from then on the driver does not come back from a call about its ring, for a minute
 *   SIM_HOLE_S      "from:to": the ring keeps no samples between these seconds after the start
 *   SIM_RESET_S     the counter begins anew that many seconds after the start
 *   SIM_WRONG       factor by which the counter lies
 *   SIM_THROTTLE    throttle reasons
 *   SIM_BUSY        utilisation in percent
 *   SIM_LIMIT_W     power limit
 *   SIM_STRANGER    process id of another program on every GPU
 *   SIM_ECC_S       a memory error that cannot be corrected is counted then
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long long u64;
typedef struct { u64 stamp; union { unsigned u; double d; u64 l; } value; } sample_t;

static double number(const char *name, double otherwise) { const char *text = getenv(name); return text ? atof(text) : otherwise; }
static u64 wall_us(void) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t); return t.tv_sec * 1000000ull + t.tv_nsec / 1000; }
static u64 start_us;
static u64 started(void) { if (!start_us) start_us = wall_us(); return start_us; }
static u64 triggered_us;
/* Seconds since faults began to count; far below zero before. */
static double since_start(u64 us) {
  const char *trigger = getenv("SIM_TRIGGER");
  struct stat file;
  if (!trigger) return ((double)us - (double)started()) / 1e6;
  if (!triggered_us && stat(trigger, &file) == 0) triggered_us = file.st_mtim.tv_sec * 1000000ull + file.st_mtim.tv_nsec / 1000;
  return triggered_us ? ((double)us - (double)triggered_us) / 1e6 : -1e9;
}
static int begun(const char *name) { double at = number(name, -1); return at >= 0 && since_start(wall_us()) > at; }

static double extra(void *device) { return number("SIM_STEP_W", 10) * (double)((u64)device & 0xff); }
/* The recorded trace: instants from 0 on, and the energy in joules until each. */
static u64 *trace_us;
static double *trace_j;
static int trace_length = -1;
static void read_trace(void) {
  const char *name = getenv("SIM_TRACE");
  FILE *file = name ? fopen(name, "r") : NULL;
  u64 at, milliwatts;
  int length = 0;
  if (!file) { trace_length = 0; return; }
  trace_us = malloc(1 << 22);
  trace_j = malloc(1 << 22);
  while (length < (1 << 19) && fscanf(file, "%llu %llu", &at, &milliwatts) == 2) {
    trace_us[length] = at;
    trace_j[length] = length ? trace_j[length - 1] + (double)milliwatts * (double)(at - trace_us[length - 1]) / 1e9 : 0;
    length++;
  }
  fclose(file);
  trace_length = length;
}
/* The last sample of the trace at or before an instant within it. */
static int trace_place(u64 at) {
  int low = 0, high = trace_length - 1;
  while (low < high) { int middle = (low + high + 1) / 2; if (trace_us[middle] <= at) low = middle; else high = middle - 1; }
  return low;
}
static double trace_energy(u64 us) {
  u64 loop = trace_us[trace_length - 1], at = us % loop;
  int place = trace_place(at);
  double rest = (double)(at - trace_us[place]) / (double)(trace_us[place + 1] - trace_us[place]);
  return (double)(us / loop) * trace_j[trace_length - 1] + trace_j[place] + rest * (trace_j[place + 1] - trace_j[place]);
}
/* When the ring's next sample after an instant is taken. */
static u64 sample_after(u64 us) {
  if (trace_length <= 0) return us / 20000 * 20000 + 20000;
  u64 loop = trace_us[trace_length - 1];
  return us / loop * loop + trace_us[trace_place(us % loop) + 1];
}
/* Energy in joules since second 0, of the trace or the wave alone. */
static double wave_energy(u64 us) {
  if (trace_length < 0) read_trace();
  if (trace_length > 0) return trace_energy(us);
  double low = number("SIM_LOW_W", 100), high = number("SIM_HIGH_W", 300), duty = number("SIM_DUTY", 1);
  u64 period = (u64)(number("SIM_PERIOD_MS", 1000) * 1000);
  double within = (double)(us % period), on = duty * period;
  double busy = (double)(us / period) * on + (within < on ? within : on);
  return (low * (double)us + (high - low) * busy) / 1e6;
}
static double energy(void *device, u64 from, u64 to) { return wave_energy(to) - wave_energy(from) + extra(device) * (double)(to - from) / 1e6; }
static int lost(void) { return begun("SIM_LOST_S"); }
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
  if (reset >= 0 && since_start(tick) > reset) since = tick - (u64)(1e6 * (since_start(tick) - reset));
  *millijoules = (u64)(1e3 * number("SIM_WRONG", 1) * energy(device, (u64)since, tick));
  return 0;
}
int nvmlDeviceGetSamples(void *device, int type, u64 since, int *kind, unsigned *count, sample_t *samples) {
  if (lost()) return 15;
  if (type != 0) return 3;
  if (begun("SIM_HANG_S")) { sleep(60); return 10; }
  u64 now = wall_us(), before = now - 119 * 20000;
  unsigned found = 0;
  wave_energy(now);
  for (u64 at = sample_after(before); at <= now; before = at, at = sample_after(at)) {
    if (at <= since || in_hole(at)) continue;
    if (samples && found < *count) {
      samples[found].stamp = at;
      samples[found].value.u = (unsigned)(energy(device, before, at) / ((double)(at - before) / 1e6) * 1e3 + 0.5);
    }
    if (samples == NULL || found < *count) found++;
  }
  *kind = 1;
  *count = found;
  return found ? 0 : 6;
}
int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius) { if (lost()) return 15; *celsius = 50; return 0; }
int nvmlDeviceGetClockInfo(void *device, int type, unsigned *mhz) { if (lost()) return 15; *mhz = type == 1 ? 1980 : 2619; return 0; }
int nvmlDeviceGetCurrentClocksEventReasons(void *device, u64 *reasons) { if (lost()) return 15; *reasons = (u64)number("SIM_THROTTLE", 0); return 0; }
int nvmlDeviceGetUtilizationRates(void *device, unsigned *rates) { if (lost()) return 15; rates[0] = (unsigned)number("SIM_BUSY", 100); rates[1] = 30; return 0; }
int nvmlDeviceGetMemoryInfo(void *device, u64 *memory) { if (lost()) return 15; memory[0] = 80ull << 30; memory[1] = 70ull << 30; memory[2] = 10ull << 30; return 0; }
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) { if (lost()) return 15; *milliwatts = (unsigned)(1000 * number("SIM_LIMIT_W", 700)); return 0; }
int nvmlDeviceGetTotalEccErrors(void *device, int kind, int counter, u64 *errors) { if (lost()) return 15; *errors = kind == 1 && begun("SIM_ECC_S"); return 0; }
typedef struct { unsigned pid; u64 memory; unsigned gpu_instance, compute_instance; } process_t;
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, process_t *processes) {
  unsigned stranger = (unsigned)number("SIM_STRANGER", 0), room = *count;
  if (lost()) return 15;
  *count = stranger != 0;
  if (*count > room) return 7;
  if (*count) { processes[0].pid = stranger; processes[0].memory = 1 << 30; }
  return 0;
}
typedef struct { unsigned field, scope; long long stamp, latency; int type, result; u64 value; } field_t;
/* The instantaneous power: the mean of the last 25 of 100 ms. */
int nvmlDeviceGetFieldValues(void *device, int count, field_t *values) {
  u64 tick = wall_us() / 100000 * 100000;
  if (lost()) return 15;
  values->result = values->field == 186 ? 0 : 3;
  values->value = (u64)(energy(device, tick - 25000, tick) / 0.025 * 1e3);
  return 0;
}
int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) { if (lost()) return 15; *milliwatts = 300000; return 0; }
