// Sends what the store's queue holds: renders a mail when its turn comes, tries again later when the server is away.
import type { MailRecord, OneTimeRecord, UserRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { type MailFacts, renderMail } from './templates.ts'
import { MailRefused, type MailTransport } from './transport.ts'

export interface MailQueue {
  /** Sends what is due. Called again and again; runs once at a time. */
  run(): Promise<void>
  close(): void
}

export interface MailQueueOptions {
  store: Store
  transport: MailTransport
  product: string
  issuer: string
  clock: () => number
  /** The token of a one-time thing, derived now. */
  tokenOf(thing: OneTimeRecord): string
  say(line: string, error?: unknown): void
  /** Counts what became of a mail. */
  count(outcome: 'sent' | 'retried' | 'given_up'): void
}

/** Mails on their way at once. */
const lanes = 4
/** A process that died while sending leaves its mail to others after this long: longer than one sending may take. */
const busySeconds = 45
/** Waits between attempts; after the last the mail is given up. */
const retrySeconds = [10, 30, 120, 600, 3_600, 3 * 3_600, 12 * 3_600, 24 * 3_600]

/** The page and the parameter that each link opens; a link shows a form and consumes nothing. */
const linkPages = {
  reset: '/reset',
  welcome: '/reset',
  verify: '/verify',
  invite: '/register',
  first_admin: '/register',
} as const

export function oneTimeLink(issuer: string, thing: OneTimeRecord, token: string): string {
  const parameter = thing.purpose === 'invite' || thing.purpose === 'first_admin' ? 'invitation' : 'token'
  return `${issuer}${linkPages[thing.purpose]}?${parameter}=${token}`
}

export function openMailQueue(options: MailQueueOptions): MailQueue {
  const { store, transport, clock, say } = options
  const now = (): number => Math.floor(clock() / 1000)

  const sendOne = async (mail: MailRecord): Promise<void> => {
    const facts = await factsOf(options, mail)
    // A link that was used, replaced or has expired is not sent any more.
    if (facts === undefined) return store.mailSent(mail.id)
    const messageId = `<${mail.id}.${mail.createdAt}@${new URL(options.issuer).hostname}>`
    try {
      await transport.send({ ...renderMail(mail.purpose, facts), to: mail.address, messageId })
      await store.mailSent(mail.id)
      options.count('sent')
    } catch (error) {
      const wait = error instanceof MailRefused ? undefined : retrySeconds[mail.attempts - 1]
      options.count(wait === undefined ? 'given_up' : 'retried')
      say(wait === undefined ? 'a mail is given up' : `a mail is tried again in ${wait} s`, error)
      await store.mailFailed(mail.id, wait === undefined ? undefined : now() + wait)
    }
  }

  let running: Promise<void> | undefined
  /** One mail is taken at a time, so that none waits here while its time runs out. */
  const take = async (): Promise<MailRecord | undefined> =>
    (await store.takeMails(now(), now() + busySeconds, 1))[0]
  const runLane = async (first: MailRecord | undefined): Promise<void> => {
    for (let mail = first; mail !== undefined; mail = await take()) await sendOne(mail)
  }
  const runOnce = async (): Promise<void> => {
    const first = await take()
    if (first === undefined) return
    const others = Array.from({ length: lanes - 1 }, async () => runLane(await take()))
    await Promise.all([runLane(first), ...others])
  }
  return {
    run() {
      running ??= runOnce().finally(() => {
        running = undefined
      })
      return running
    },
    close: () => transport.close(),
  }
}

async function factsOf(options: MailQueueOptions, mail: MailRecord): Promise<MailFacts | undefined> {
  const { store, issuer, product } = options
  const user: UserRecord | undefined =
    mail.userId === undefined ? undefined : await store.findUser(mail.userId)
  const common = { product, username: user?.username, accountUrl: `${issuer}/forgot` }
  if (mail.oneTimeId === undefined) return { ...common, link: undefined }
  const thing = await store.findOneTime(mail.oneTimeId)
  const isGood =
    thing !== undefined &&
    thing.consumedAt === undefined &&
    thing.expiresAt > Math.floor(options.clock() / 1000)
  return isGood ? { ...common, link: oneTimeLink(issuer, thing, options.tokenOf(thing)) } : undefined
}
