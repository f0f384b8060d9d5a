// Turns a function of one token, or of one object of claims, into work that can be repeated and measured.

let loops = 0

/**
 * The loop itself, compiled anew for each contestant: a loop that all of them share would learn the first one's
 * functions by heart and call every later one the slow way.
 */
function ownLoop(body) {
  loops++
  return new Function('next', 'work', 'atOnce', `// Loop ${loops}\n${body}`)
}

const oneByOne = `return count => {
  for (let done = 0; done < count; done++) work(next())
}`

const oneAfterTheOther = `return async count => {
  for (let done = 0; done < count; done++) await work(next())
}`

const severalAtOnce = `return async count => {
  for (let done = 0; done < count; done += atOnce) {
    const running = []
    for (let one = Math.min(atOnce, count - done); one > 0; one--) running.push(work(next()))
    await Promise.all(running)
  }
}`

/** `work` on what `next` gives, so many times. */
export function repeat(next, work) {
  return ownLoop(oneByOne)(next, work)
}

/** The same for functions that answer with a promise, `atOnce` of them in flight together. */
export function repeatAsync(next, work, atOnce) {
  return ownLoop(atOnce === 1 ? oneAfterTheOther : severalAtOnce)(next, work, atOnce)
}
