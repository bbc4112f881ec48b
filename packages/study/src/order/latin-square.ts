/** How many rows a balanced square of `size` has: an odd size needs each row and its mirror image. */
export const squareRows = (size: number): number => (size % 2 === 0 ? size : 2 * size);

/**
 * A row of a Latin square that is balanced for carry-over: over all rows each of `size` numbers stands at each place,
 * and comes right after each other one, equally often (Williams 1949; once in an even square, twice in an odd one).
 * @param row from 0, below {@link squareRows}
 */
export function squareRow(size: number, row: number): readonly number[] {
  const shift = row % size;
  const numbers = Array.from({ length: size }, (_, place) => (zigzag(size, place) + shift) % size);
  return row < size ? numbers : numbers.toReversed();
}

/** 0, 1, n-1, 2, n-2, ...: neighbours differ by each distance once. */
const zigzag = (size: number, place: number): number => (place % 2 === 1 ? (place + 1) / 2 : (size - place / 2) % size);
