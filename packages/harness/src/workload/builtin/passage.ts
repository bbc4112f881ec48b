/** A passage of a work in the public domain, with its source. */
export interface Passage {
  readonly title: string;
  readonly author: string;
  /** Year of the first publication. */
  readonly year: number;
  readonly text: string;
}

/** Makes a passage of wrapped text: line breaks and indentation become single spaces. */
export const passage = (source: Omit<Passage, "text">, wrapped: string): Passage => ({
  ...source,
  text: wrapped.replace(/\s+/g, " ").trim(),
});
