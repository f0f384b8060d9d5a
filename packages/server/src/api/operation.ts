// What a row about an operation holds, and the words that rows share.
import type { ProblemCode } from 'latchkey'
import type { z } from 'zod'

/** The groups, in the order in which they are shown. */
export const tags = {
  'Sign in': 'Accounts and sessions: make one, sign in, renew, sign out. Forms are taken as well as JSON.',
  Account: 'A user’s own account, devices and API keys.',
  Administration:
    'For administrators. The role is read from the store; writes need a sign-in at most 15 minutes old.',
  Services: 'For other services: public keys, client tokens, questions about tokens, what was revoked.',
  Operation: 'For whoever runs the server.',
  Pages: 'For people with a browser. Programs have no business here.',
} as const

/** A good answer, or a refusal that is no problem document. */
export interface AnswerRow {
  status: number
  /** What it means. */
  words: string
  shape?: z.ZodType
  /** `application/json` unless said otherwise. */
  media?: string
}

export interface OperationRow {
  /** The name that generated clients give it; stable. */
  id: string
  tag: keyof typeof tags
  summary: string
  description?: string
  answers: readonly AnswerRow[]
  /** Codes beside those that its access and its body bring. */
  codes?: readonly ProblemCode[]
  /** A body that is right. */
  example?: Readonly<Record<string, unknown>>
  /** What the path's parameter is. */
  param?: string
  query?: readonly (keyof typeof queryParameters)[]
  /** How a caller may prove who they are, where the access does not say it. */
  security?: readonly ('accessToken' | 'sessionCookie' | 'clientSecret' | 'nothing')[]
  /** Whether it is answered without a look into the store. */
  isStoreless?: true
  isStream?: true
}

export const queryParameters = {
  cursor: { description: 'The `next` of the page before.', type: 'string' },
  limit: { description: 'How many, 1 to 200; 50 unless given.', type: 'integer' },
  q: { description: 'Finds what contains it.', type: 'string' },
  user: { description: 'Only what is about this user, by id.', type: 'string' },
  event: { description: 'Only events of this kind.', type: 'string' },
  token: { description: 'The token of the link.', type: 'string' },
  return_to: {
    description: 'Where to go on to: a path of ours, or a URL of a listed origin.',
    type: 'string',
  },
  invitation: { description: 'The invitation of the link.', type: 'string' },
  v: { description: 'The version; with it the file is kept for good.', type: 'string' },
} as const
