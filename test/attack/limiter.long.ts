// The long form of the flood of addresses: as many as the goal says, four times as many, and a network of one caller.
import { judge } from './judge.ts'
import { floodLimiter } from './limiter-flood.ts'

const count = (value: number): string => value.toLocaleString('en-GB')
const goals = [5_000_000, 20_000_000].flatMap(keys => {
  const { heldBytes, residentBytes, freedEarly, blocked, ...figures } = floodLimiter(keys)
  const { falselyBlocked, strangers, nanosecondsEach } = figures
  return [
    {
      what: `${count(keys)} addresses: memory`,
      figure: `${(heldBytes / 1e6).toFixed(1)} MB held, ${(residentBytes / 1e6).toFixed(1)} MB more resident`,
      goal: '≤ 64 MB held',
      isMet: heldBytes <= 64e6,
    },
    {
      what: `${count(keys)} addresses: who was blocked before`,
      figure: `${freedEarly} of ${count(blocked)} freed early; ${count(falselyBlocked)} of ${count(strangers)} strangers refused for others; ${nanosecondsEach.toFixed(0)} ns an attempt`,
      goal: 'none freed early',
      isMet: freedEarly === 0,
    },
  ]
})
process.exit(judge(goals))
