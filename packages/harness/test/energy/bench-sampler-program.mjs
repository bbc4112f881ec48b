/** Prints the domains that the GPU benchmarks sample, asked for each of the given devices: `node bench-sampler-program.mjs JSON`. */
import { openSampler } from "../../../../bench/gpu/machine.mjs";

const asked = JSON.parse(process.argv[2]).devices;
const domains = [];
for (const devices of asked) {
  const { sampler } = await openSampler(devices ?? undefined);
  await sampler.start();
  domains.push(sampler.recordings().map(({ sensor }) => sensor.domain));
  await sampler.stop();
}
console.log(JSON.stringify(domains));
