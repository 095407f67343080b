/** One rectangle of the picture, with what is said of it. */
export interface DrawnNode {
  /** Slash-separated, relative to the context's root. */
  readonly path: string;
  readonly name: string;
  readonly type: "folder" | "file" | "others";
  /** One of the kinds of content; its color. */
  readonly kind: string;
  readonly bytes: number;
  /** `340 MB`. */
  readonly size: string;
  /** `1,204 files`. */
  readonly count: string;
  readonly mark?: "secret" | "emptied";
  /** What the mark means, or how many marked files a folder holds. */
  readonly note?: string;
  /** The largest first; nothing for what is not opened up. */
  readonly children?: readonly DrawnNode[];
}

/** A picture of what is sent of one folder of a context. */
export interface Picture {
  readonly type: "picture";
  /** The context's name. */
  readonly name: string;
  readonly ignoreFile: string;
  readonly root: DrawnNode;
  /** How much of each kind, the largest first. */
  readonly kinds: readonly {
    readonly kind: string;
    readonly label: string;
    readonly bytes: number;
    readonly size: string;
  }[];
  /** Files that need attention, wherever they are, and how many more of them there are. */
  readonly marked: readonly { readonly path: string; readonly mark: "secret" | "emptied"; readonly note: string }[];
  readonly markedMore: string;
}

/** Why there is no picture. */
interface Problem {
  readonly type: "problem";
  readonly message: string;
}

/** What the page is told. */
export type ToPage = Picture | Problem;

/** What the page asks for; paths are those of the picture. */
export type FromPage =
  | { readonly type: "ready"; readonly path: string }
  | { readonly type: "zoom"; readonly path: string }
  | { readonly type: "act"; readonly action: Action; readonly path: string };

/** What can be done with a rectangle. */
export type Action = "exclude" | "open" | "reveal" | "rows";

/** What the page keeps between sessions. */
export interface PageState {
  readonly folder: string;
  readonly dockerfile?: string;
  /** The folder that is shown. */
  readonly path: string;
  readonly isTable: boolean;
}

/** What the page says by itself. */
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
