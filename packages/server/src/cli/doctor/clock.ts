// Whether this machine's clock is right, by the clocks of the issuer and of the database; and what guards refuse when
// it is not.
import { randomBytes } from 'node:crypto'
import { createKey, createSigner, createVerifier } from 'latchkey'
import { lengthInWords } from '../../words/time-words.ts'
import { error, type Finding, type Ground, note, warning } from './finding.ts'

const toleranceSeconds = 5
const slightSeconds = 2
const usualSkewSeconds = 60

/** What a guard with a tolerance of five seconds refuses when clocks are apart, and whether time went back. */
export async function checkClock({ config, store }: Ground): Promise<readonly Finding[]> {
  const what = `When clocks are ${usualSkewSeconds} s apart: ${skewInWords(usualSkewSeconds, config.accessTtl)}`
  const findings = [
    note('clock_rule', what, 'Run a time service (chrony, systemd-timesyncd) on every machine.'),
  ]
  const [newest] =
    (await store?.listAudit({ cursor: undefined, limit: 1, userId: undefined, event: undefined }))?.items ??
    []
  const behindSeconds = newest === undefined ? 0 : (newest.atMs - Date.now()) / 1000
  if (behindSeconds > toleranceSeconds) {
    const ago = `The newest entry of the audit log is ${lengthInWords(behindSeconds)} in the future`
    findings.push(error('clock_went_back', `${ago}: this clock is behind what it was.`, setTheClock))
  }
  return findings
}

const setTheClock = 'Let a time service set the clock: timedatectl set-ntp true, or chronyc makestep.'

export interface Exchange {
  askedAtMs: number
  answeredAtMs: number
}

/** The issuer's clock by the `Date` of an answer, which is exact to a second. */
export function skewFindings(ground: Ground, date: string | null, exchange: Exchange): readonly Finding[] {
  const theirsMs = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(theirsMs)) return []
  // The middle of the second that the header names, and of the time that the answer took.
  const skewSeconds = (theirsMs + 500 - (exchange.askedAtMs + exchange.answeredAtMs) / 2) / 1000
  return offBy(ground, { skewSeconds, code: 'clock_off_issuer', whose: `the clock of ${ground.issuer}` })
}

/** How far another clock is ahead of this machine's, as a finding. */
export function offBy(
  { config }: Ground,
  { skewSeconds, code, whose }: { skewSeconds: number; code: string; whose: string },
): readonly Finding[] {
  const apart = Math.abs(skewSeconds)
  if (apart <= slightSeconds) return []
  const way = skewSeconds > 0 ? 'behind' : 'ahead of'
  const what = `This machine is ${lengthInWords(apart)} ${way} ${whose}. ${skewInWords(apart, config.accessTtl)}`
  return [apart > toleranceSeconds ? error(code, what, setTheClock) : warning(code, what, setTheClock)]
}

/** What the engine really says to a fresh token when a guard's clock is so far off, in both directions. */
function skewInWords(skewSeconds: number, lifetimeSeconds: number): string {
  const early = refusalOf(lifetimeSeconds, skewSeconds)
  const dead = Math.min(lifetimeSeconds, Math.max(0, skewSeconds - toleranceSeconds))
  const ahead =
    early === undefined
      ? `a guard that is ahead refuses each token ${lengthInWords(dead)} before its end`
      : `a guard that is ahead refuses every token at once (${early})`
  const late = refusalOf(lifetimeSeconds, -skewSeconds)
  const extra = lengthInWords(skewSeconds + toleranceSeconds)
  const behind =
    late === undefined
      ? `one that is behind accepts it ${extra} after its end, and refuses nbf, and iat under maxAge, as not active yet`
      : `one that is behind refuses every token (${late})`
  return `with clockTolerance ${toleranceSeconds} s ${ahead}, and ${behind}.`
}

/** What a guard says to a token that was made this moment, its clock being ahead by so much; undefined when it holds. */
function refusalOf(lifetimeSeconds: number, aheadSeconds: number): string | undefined {
  const key = createKey({ secret: randomBytes(32) })
  const nowMs = Date.now()
  const iat = Math.floor(nowMs / 1000)
  const token = createSigner({ key, noTimestamp: true })({ iat, exp: iat + lifetimeSeconds })
  const guard = createVerifier({
    key,
    clockTolerance: toleranceSeconds,
    cache: false,
    clock: () => nowMs + aheadSeconds * 1000,
  })
  const verdict = guard.safe(token)
  return verdict.ok ? undefined : verdict.code
}
