// The points at which a server process is killed. The names are those of the reliability checks.
export const faultPoints = [
  'before the transaction',
  'after the compare-and-swap',
  'after the audit row',
  'before commit',
  'after commit and before the answer',
  'in the middle of the answer',
  'during a checkpoint',
] as const

export type FaultPoint = (typeof faultPoints)[number]

/** What the harness tells a server: die at the point's n-th passage, or let the clock go on. */
export type FaultOrder =
  | { kind: 'arm'; point: FaultPoint; passages: number }
  | { kind: 'advance'; milliseconds: number }

/** The line that a server writes in the instant before it dies at a point. */
export const hitMark = 'fault hit: '
