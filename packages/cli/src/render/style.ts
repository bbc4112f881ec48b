/** Terminal styles as functions; without colour they return the text unchanged. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const wrap =
  (on: boolean, open: number, close: number) =>
  (text: string): string =>
    on ? `\u001B[${open}m${text}\u001B[${close}m` : text;

/** The styles for a stream with or without colour. */
export const style = (color: boolean): Style => ({
  bold: wrap(color, 1, 22),
  dim: wrap(color, 2, 22),
  red: wrap(color, 31, 39),
  yellow: wrap(color, 33, 39),
});
