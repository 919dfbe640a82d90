/** Orders of rows in a list that is sorted by a column. Pure. */

export type Order<Row> = (one: Row, other: Row) => number

export const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

export const turned =
  <Row>(order: Order<Row>): Order<Row> =>
  (one, other) =>
    order(other, one)
