/** Where a tree of sources came from; enough to get the same bytes again. */
export interface SourceOrigin {
  readonly package: string;
  readonly version: string;
  /** A wheel of a package index, or a folder that the user named. */
  readonly kind: "wheel" | "folder";
  /** SHA-256 of the wheel as the index states it; of a folder, over the paths and hashes of its files. */
  readonly sha256: string;
}

/** One Python file of a package. */
export interface SourceFile {
  /** Relative to the folder that is on Python's path, with `/`: `package/module.py`. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** The Python files of one engine version. */
export interface SourceTree {
  readonly origin: SourceOrigin;
  /** Sorted. */
  readonly paths: readonly string[];
  /** @throws LemError `mine.source-corrupt` when the file no longer has its hash; undefined for an unknown path */
  readonly read: (path: string) => SourceFile | undefined;
  /** The other files of a folder that glob patterns name, as text; an index gives Python files alone. */
  readonly texts?: (patterns: readonly string[]) => readonly { readonly path: string; readonly text: string }[];
}
