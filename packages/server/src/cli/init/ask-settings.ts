// The questions of `latchkey init`. Each answer is checked by the parser of its setting.
import { isLoopbackHost, isPostgres, type SettingName, settings } from '../../config.ts'

export interface InitAnswers {
  /** What goes into latchkey.config.ts. */
  settings: Partial<Record<SettingName, string | number>>
  /** What goes into .env, by variable. */
  secrets: Readonly<Record<string, string>>
}

/** Without questions: this machine alone, a database in a file, and passwords as they should be without a second factor. */
export const usualAnswers: InitAnswers = {
  settings: { port: 4000, databaseUrl: 'sqlite:./data/latchkey.db', passwordMin: 15 },
  secrets: {},
}

/** Asks at the terminal. Throws an Error when the questions are broken off. */
export async function askSettings(): Promise<InitAnswers> {
  const ask = await openQuestions()
  const answers: Partial<Record<SettingName, string | number>> = {}
  const secrets: Record<string, string> = {}

  const port = await ask.text('port', 'On which port does it listen?', '4000')
  answers.port = Number(port)
  const issuer = await ask.text('issuer', 'At which address do users reach it?', `http://localhost:${port}`)
  if (issuer !== `http://localhost:${port}`) answers.issuer = issuer
  if (!isLoopbackHost(new URL(issuer).hostname)) Object.assign(answers, await askReach(ask))

  const kind = await ask.choice('Where is everything kept?', {
    sqlite: 'in a file (SQLite): one machine, nothing to install',
    postgres: 'in PostgreSQL: several nodes',
  })
  if (kind === 'sqlite')
    answers.databaseUrl = await ask.text('databaseUrl', 'In which file?', 'sqlite:./data/latchkey.db')
  else
    secrets['LATCHKEY_DATABASE_URL'] = await ask.secret(
      'databaseUrl',
      'The URL, postgres://user:password@host/database',
    )

  answers.signingAlg = await ask.choice('How are tokens signed?', {
    ES256: 'ES256: small and fast, verified everywhere',
    Ed25519: 'Ed25519: the same, newer',
    RS256: 'RS256: for services that know nothing else',
    HS256: 'HS256: one secret that services share; drawn for you',
  })
  answers.registration = await ask.choice('Who may make an account?', {
    open: 'anybody',
    invite: 'who has an invitation',
    closed: 'nobody: administrators make them',
  })
  answers.passwordMin = Number(await ask.text('passwordMin', 'How long is the shortest password?', '15'))
  if (await ask.yes('Is there a mail server (SMTP) for reset links?')) {
    secrets['LATCHKEY_SMTP_URL'] = await ask.secret('smtpUrl', 'Its URL, smtps://user:password@host')
    answers.mailFrom = await ask.text(
      'mailFrom',
      'From whom do mails come?',
      `no-reply@${new URL(issuer).hostname}`,
    )
  }
  return { settings: answers, secrets }
}

/** Off the loopback HTTPS is mandatory: by a certificate of its own or by a proxy. */
async function askReach(ask: Questions): Promise<InitAnswers['settings']> {
  const way = await ask.choice('HTTPS is needed there. Who speaks it?', {
    proxy: 'a proxy in front, on this machine',
    far: 'a proxy on another machine',
    itself: 'this server, with a certificate',
  })
  if (way === 'proxy') return { trustProxy: '127.0.0.1' }
  const host = await ask.text('host', 'On which address of this machine does it listen?', '0.0.0.0')
  if (way === 'far')
    return {
      host,
      trustProxy: await ask.text('trustProxy', 'From which addresses does the proxy connect?', '10.0.0.0/8'),
    }
  return {
    host,
    tlsCert: await ask.text(
      'tlsCert',
      'The file of the certificate chain (PEM)',
      '/etc/latchkey/fullchain.pem',
    ),
    tlsKey: await ask.text('tlsKey', 'The file of its private key (PEM)', '/etc/latchkey/privkey.pem'),
  }
}

interface Questions {
  text(name: SettingName, message: string, usual: string): Promise<string>
  secret(name: SettingName, message: string): Promise<string>
  choice<const Name extends string>(message: string, names: Readonly<Record<Name, string>>): Promise<Name>
  yes(message: string): Promise<boolean>
}

async function openQuestions(): Promise<Questions> {
  const clack = await import('@clack/prompts')
  const output = process.stderr
  const answered = <T>(answer: T): Exclude<T, symbol> => {
    if (clack.isCancel(answer)) throw new Error('Nothing was written.')
    // The symbol of a broken-off question is the only one.
    return answer as Exclude<T, symbol>
  }
  clack.intro('Latchkey: a few questions; what is proposed is good.', { output })
  return {
    async text(name, message, usual) {
      const validate = (given: string | undefined) => refusalOf(name, given || usual)
      return (
        answered(await clack.text({ message, placeholder: usual, defaultValue: usual, validate, output })) ||
        usual
      )
    },
    async secret(name, message) {
      return answered(
        await clack.password({ message, mask: '', validate: given => refusalOf(name, given ?? ''), output }),
      )
    },
    async choice(message, names) {
      const options = Object.entries<string>(names).map(([value, label]) => ({ value, label }))
      // One of the names that were offered.
      return answered(await clack.select({ message, options, output })) as keyof typeof names
    },
    yes: async message => answered(await clack.confirm({ message, initialValue: false, output })),
  }
}

/** A sentence when a setting does not take the text. A URL of PostgreSQL is one of two kinds that its setting takes. */
function refusalOf(name: SettingName, given: string): string | undefined {
  const row = settings[name]
  const isOtherKind = name === 'databaseUrl' && !isPostgres(given) && !given.startsWith('sqlite:')
  return row.parse(given) === undefined || isOtherKind ? `It accepts ${row.accepts}.` : undefined
}
