// `latchkey token`: its verbs and what they take.
import type { Command } from 'commander'
import { settingsHere } from './settings-here.ts'
import type { SignOptions } from './sign-token.ts'
import { type JsonChoice, show } from './table.ts'
import type { VerifyOptions } from './verify-token.ts'

const tokenArgument = '[token]'
const whereFrom = 'the token; better on stdin or at the prompt, so that it is in no history'

export function addTokenCommands(program: Command): void {
  const token = program
    .command('token')
    .description('look into tokens, verify them, sign some by hand')
    .addHelpText('after', '\nExample:\n  pbpaste | latchkey token decode')

  token
    .command('decode')
    .argument(tokenArgument, whereFrom)
    .description('say what a token holds and where a server would refuse it; proves nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  echo "$TOKEN" | latchkey token decode')
    .action(async (given: string | undefined, choice: JsonChoice) => {
      const { decodeToken } = await import('./decode-token.ts')
      await show(decodeToken(await settingsHere(), given), choice)
    })

  token
    .command('verify')
    .argument(tokenArgument, whereFrom)
    .description(
      'verify a token as the server here would, or by a key of your own; ends with 1 when it is refused',
    )
    .option('--jwks <url>', 'the published keys of another issuer')
    .option('--key <file>', 'a public key, as PEM or JWK')
    .option('--secret-file <file>', 'the secret of HS256')
    .option('--alg <name>', 'what a PEM of an RSA key, or a secret, is for')
    .option('--issuer <url>', 'who must have made it')
    .option('--audience <names...>', 'for whom it may be meant')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  echo "$TOKEN" | latchkey token verify')
    .action(async (given: string | undefined, options: VerifyOptions & JsonChoice) => {
      const { verifyToken } = await import('./verify-token.ts')
      const { printed, isWell } = await verifyToken(await settingsHere(), given, options)
      await show(printed, options)
      if (!isWell) process.exitCode = 1
    })

  token
    .command('sign')
    .description('sign a token by hand, with the key of the server here or one of your own')
    .option('--user <user>', 'an access token of this user, without a session')
    .option('--subject <text>', 'whom it is about, where that is no user')
    .option('--scope <names...>', 'what it may be used for')
    .option('--issuer <url>', 'who made it')
    .option('--audience <names...>', 'for whom it is meant')
    .option('--expires-in <time>', 'how long it lives, such as 15m', '1h')
    .option('--claim <name=value...>', 'further claims; a value that is JSON is taken as that')
    .option('--key <file>', 'a private key, as PEM or JWK')
    .option('--secret-file <file>', 'a secret, for HS256')
    .option('--alg <name>', 'what a PEM of an RSA key, or a secret, is for')
    .option('--typ <type>', 'the type in the header', 'at+jwt')
    .addHelpText('after', '\nExample:\n  latchkey token sign --user ada --expires-in 5m')
    .action(async (options: SignOptions) => {
      const { signToken } = await import('./sign-token.ts')
      await show(signToken(await settingsHere(), options))
    })
}
