// Loaded before a program (node --import): its clock is off by TEST_CLOCK_SHIFT_MS, as that of a machine that keeps
// the time badly. What measures spans (performance.now) goes right, as it does there.
const shiftMs = Number(process.env.TEST_CLOCK_SHIFT_MS ?? 0)
const RightDate = Date
const rightNow = Date.now.bind(Date)

globalThis.Date = class ShiftedDate extends RightDate {
  constructor(...parts) {
    if (parts.length === 0) super(rightNow() + shiftMs)
    else super(...parts)
  }
  static now() {
    return rightNow() + shiftMs
  }
}
