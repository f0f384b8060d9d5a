// Deutsch.
import type { Texts } from './en.ts'

export const de: Texts = {
  frame: {
    skip: 'Zum Inhalt',
    account: 'Ihr Konto',
    console: 'Verwaltung',
    signOut: 'Abmelden',
    signingOut: 'Wird abgemeldet…',
  },
}
