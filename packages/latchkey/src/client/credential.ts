// How the refresh token is kept and presented: two ways with one face.

/** What a renewal sends: the refresh token where the client holds it, and the attempt. */
interface RenewalBody {
  readonly refresh_token?: string
  readonly attempt: string
}

/** What a sign-in's answer gives to keep; nothing where a cookie has it. */
export interface SignInTokens {
  readonly refreshToken: string | undefined
  readonly deviceToken: string | undefined
}

export interface Credential {
  readonly fetchCredentials: RequestCredentials
  /** What a sign-in says about where its tokens go, and by what the server knows this device. */
  prepareSignIn(): Promise<{ readonly session?: 'cookie'; readonly device_token?: string }>
  /** The body of the next renewal, its attempt already kept; undefined when there is no session here. */
  prepareRenewal(): Promise<RenewalBody | undefined>
  /** A renewal was answered, by these tokens or, with undefined, by a refusal that ends the session. */
  settleRenewal(sent: RenewalBody, refreshToken: string | undefined): Promise<void>
  signedIn(tokens: SignInTokens): Promise<void>
  /** The body of a sign-out; undefined when there is nothing to sign out. */
  prepareSignOut(): Promise<{ refresh_token?: string } | undefined>
  signedOut(): Promise<void>
}
