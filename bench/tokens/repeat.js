// Turns a function of one token, or of one object of claims, into work that can be repeated and measured.

/** `work` on what `next` gives, so many times. */
export function repeat(next, work) {
  return count => {
    for (let done = 0; done < count; done++) work(next())
  }
}

/** The same for functions that answer with a promise, `atOnce` of them in flight together. */
export function repeatAsync(next, work, atOnce) {
  if (atOnce === 1) {
    return async count => {
      for (let done = 0; done < count; done++) await work(next())
    }
  }
  return async count => {
    for (let done = 0; done < count; done += atOnce) {
      const running = []
      for (let one = Math.min(atOnce, count - done); one > 0; one--) running.push(work(next()))
      await Promise.all(running)
    }
  }
}
