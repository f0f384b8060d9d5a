// A client that keeps what it was given and what it sent, as a phone does: the answer may never come.
import { randomBytes } from 'node:crypto'
import { bearer, type Caller, post, refresh, type TokenAnswer, tokens } from '../account.ts'

export interface Account {
  username: string
  password: string
}

/** The code of a refusal, or undefined when the answer was 200 or 204. */
export async function codeOf(answer: Response): Promise<string | undefined> {
  const text = await answer.text()
  if (answer.ok) return undefined
  // Every refusal is application/problem+json with a code.
  return (JSON.parse(text) as { code: string }).code
}

export class HonestClient {
  /** The last pair that arrived. */
  held: TokenAnswer
  /** Of a refresh that was sent and not answered: it is kept until an answer comes, and sent again. */
  attempt: string | undefined
  /** Whether something was sent, and not answered, that ends the session. */
  isLeaving = false
  /** Whether an answer said that the session is over. */
  isEnded = false
  /** Refresh tokens whose successor arrived. */
  readonly spent: string[] = []

  private constructor(held: TokenAnswer) {
    this.held = held
  }

  static async signIn(call: Caller, account: Account): Promise<HonestClient> {
    return new HonestClient(await tokens(await post(call, '/user/login', account)))
  }

  async refresh(call: Caller): Promise<void> {
    this.attempt ??= randomBytes(16).toString('base64url')
    this.take(await tokens(await this.useRefreshToken(call)))
  }

  take(answer: TokenAnswer): void {
    if (answer.refresh_token !== this.held.refresh_token) this.spent.push(this.held.refresh_token)
    this.held = answer
    this.attempt = undefined
  }

  async signOut(call: Caller): Promise<void> {
    this.isLeaving = true
    const code = await codeOf(await post(call, '/user/logout', { refresh_token: this.held.refresh_token }))
    if (code !== undefined) throw new Error(`a logout was refused: ${code}`)
    this.isEnded = true
  }

  /** Presents a refresh token that was used up long ago: the server must notice, and end the session. */
  async replaySpent(call: Caller): Promise<string | undefined> {
    const [stolen] = this.spent
    if (stolen === undefined) return undefined
    this.isLeaving = true
    const code = await codeOf(await refresh(call, stolen))
    this.isEnded = true
    return code
  }

  useAccessToken(call: Caller): Promise<string | undefined> {
    return call('/user/data', bearer(this.held.access_token)).then(codeOf)
  }

  useRefreshToken(call: Caller): Promise<Response> {
    return refresh(call, this.held.refresh_token, this.attempt)
  }
}
