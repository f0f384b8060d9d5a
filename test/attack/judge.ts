// How a long form tells what it found: a line for each goal, met or missed, with the figure.

export interface Goal {
  what: string
  figure: string
  goal: string
  isMet: boolean
}

/** Prints the goals and gives the exit code: 1 when one is missed. */
export function judge(goals: readonly Goal[]): number {
  for (const { what, figure, goal, isMet } of goals)
    console.log(`${isMet ? 'met   ' : 'MISSED'}  ${what}: ${figure} (goal ${goal})`)
  return goals.every(({ isMet }) => isMet) ? 0 : 1
}
