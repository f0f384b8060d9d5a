// The client of this application, made once, and the way back to the sign-in page.
import { createClient } from 'latchkey/client'
import { go, signInAddress } from './address.ts'

/** Where the login server is: the page says it. */
export const latchkeyUrl = document.documentElement.dataset['latchkeyUrl'] ?? 'http://localhost:4000'

export const client = createClient({
  url: latchkeyUrl,
  onExpired: ({ returnTo = '/' }) => go(signInAddress(returnTo, true)),
})
