/** Rectangle of the treemap, with its texts. */
export interface DrawnNode {
  /** Path relative to the build context's root, with slashes. */
  readonly path: string;
  readonly name: string;
  readonly type: "folder" | "file" | "others";
  /** One of the kinds of content; its color. */
  readonly kind: string;
  readonly bytes: number;
  /** Formatted size, such as `340 MB`. */
  readonly size: string;
  /** Formatted number of files, such as `1,204 files`. */
  readonly count: string;
  readonly mark?: "secret" | "emptied";
  /** Meaning of the mark, or the number of marked files in a folder. */
  readonly note?: string;
  /** Children, the largest first; undefined if they are not shown. */
  readonly children?: readonly DrawnNode[];
}

/** Treemap of the sent files of one folder in a build context. */
export interface Picture {
  readonly type: "picture";
  /** Name of the build context. */
  readonly name: string;
  readonly ignoreFile: string;
  readonly root: DrawnNode;
  /** Total size of each kind, the largest first. */
  readonly kinds: readonly {
    readonly kind: string;
    readonly label: string;
    readonly bytes: number;
    readonly size: string;
  }[];
  /** Files that need attention, in any folder; `markedMore` is the text about further ones. */
  readonly marked: readonly { readonly path: string; readonly mark: "secret" | "emptied"; readonly note: string }[];
  readonly markedMore: string;
}

/** Reason why there is no treemap. */
interface Problem {
  readonly type: "problem";
  readonly message: string;
}

/** Message to the page. */
export type ToPage = Picture | Problem;

/** Message from the page; paths are those of the treemap. */
export type FromPage =
  | { readonly type: "ready"; readonly path: string }
  | { readonly type: "zoom"; readonly path: string }
  | { readonly type: "act"; readonly action: Action; readonly path: string };

/** Action on a rectangle. */
export type Action = "exclude" | "open" | "reveal" | "rows";

/** State that the page keeps between sessions. */
export interface PageState {
  readonly folder: string;
  readonly dockerfile?: string;
  /** Path of the shown folder. */
  readonly path: string;
  readonly isTable: boolean;
}

/** Texts of the page itself. */
export interface PageTexts {
  readonly map: string;
  readonly table: string;
  readonly open: string;
  readonly zoomIn: string;
  readonly reveal: string;
  readonly exclude: string;
  readonly showRows: string;
  readonly others: string;
  readonly name: string;
  readonly size: string;
  readonly share: string;
  readonly files: string;
  readonly note: string;
  readonly folder: string;
  readonly nothing: string;
  readonly help: string;
  readonly attention: string;
}
