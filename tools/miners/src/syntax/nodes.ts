/** Where a node stands in its file; lines count from 1, columns in UTF-16 units from 0. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What every node has. */
export interface Located {
  readonly span: Span;
}

/** `name as alias` of an import. */
export interface Alias {
  readonly name: string;
  readonly alias: string | null;
}
