/** A row that says something, and has those below it already. */
export interface FactRow {
  readonly kind: "fact";
  readonly label: string;
  readonly value?: string;
  /** Default is label and value. */
  readonly tooltip?: string;
  /** A codicon's name. */
  readonly icon?: string;
  readonly rows?: readonly FactRow[];
  /** Only of rows with others below them. */
  readonly id?: string;
}
