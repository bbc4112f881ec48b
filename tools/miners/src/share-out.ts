/**
 * Lets workers take items, each the next one when it is done with one. Gives the results in the order of the items; the
 * first failure ends it, once all workers are done with what they had taken.
 */
export async function shareOut<W, T, R>(
  workers: readonly W[],
  items: readonly T[],
  work: (item: T, worker: W) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const rest = [...items.entries()];
  const failures: unknown[] = [];
  const taking = async (worker: W): Promise<void> => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const [place, item] = next;
      try {
        results[place] = await work(item, worker);
      } catch (error) {
        failures.push(error);
        rest.length = 0;
      }
    }
  };
  await Promise.all(workers.map(taking));
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  return results;
}
