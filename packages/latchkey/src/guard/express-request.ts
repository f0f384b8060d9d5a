// What Express's own request type says of the caller: for the pages of Express and of Nest, which is mostly Express
// underneath.
import type { Auth } from './auth.ts'

declare global {
  namespace Express {
    interface Request {
      /** Set by `protect` before the handler runs; not there behind an optional guard without a credential. */
      auth: Auth
      /** Set by `checkToken`: the token itself. */
      token?: string
    }
  }
}
