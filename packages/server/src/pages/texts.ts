// The words of the account's pages, a language each. English is the measure: a language without one of its texts does
// not compile.
import { de } from './texts/de.ts'
import { en, type Texts } from './texts/en.ts'
import { es } from './texts/es.ts'

const languages = { en, de, es }

export type { Texts } from './texts/en.ts'

export type Language = keyof typeof languages

/** Languages by the names that they have for themselves. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
}

export function textsIn(language: Language): Texts {
  return languages[language]
}

/** The language of a locale such as `de-AT`; undefined when there is none of ours. */
export function languageOf(locale: string): Language | undefined {
  const primary = locale.trim().toLowerCase().split('-')[0] ?? ''
  return Object.hasOwn(languages, primary) ? (primary as Language) : undefined
}
