/** Row with a fact. Its child rows are known without a request. */
export interface FactRow {
  readonly kind: "fact";
  readonly label: string;
  readonly value?: string;
  /** Tooltip; default is label and value. */
  readonly tooltip?: string;
  /** Name of a codicon. */
  readonly icon?: string;
  readonly rows?: readonly FactRow[];
  /** Defined only for rows with child rows. */
  readonly id?: string;
}
