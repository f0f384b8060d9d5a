// What is around a page for the reader of one request: their language, their colours, and who they are.
import { isAdministrator } from '../auth/admin.ts'
import type { Frame } from '../pages/frame.ts'
import { type Language, languageOf } from '../pages/texts.ts'
import type { UserRecord } from '../store/records.ts'
import { wantedLocales } from './accept.ts'
import type { Call } from './call.ts'
import { readColourScheme } from './cookies.ts'

/** What a frame is made from; a call has it all. */
export type FrameSource = Pick<Call, 'request' | 'services'> & Partial<Pick<Call, 'principal'>>

export function frameOf({ request, services, principal }: FrameSource): Frame {
  const { auth } = services
  const user = principal?.user
  return {
    lang: readerLanguage(request, user),
    product: auth.rules.productName,
    scheme: readColourScheme(request.headers),
    logoHref: services.theme.logo?.href,
    themeHref: services.theme.stylesheet?.href,
    accent: services.theme.accent,
    now: Math.floor(auth.clock() / 1000),
    user: user && { username: user.username, isAdministrator: isAdministrator(auth, user) },
  }
}

/** For pages whose words are English alone. */
export function englishFrameOf(source: FrameSource): Frame {
  return { ...frameOf(source), lang: 'en' }
}

/** The language that the user chose, else the best one that the browser asks for. */
function readerLanguage(request: Request, user: UserRecord | undefined): Language {
  const locales = [user?.locale ?? '', ...wantedLocales(request.headers.get('accept-language'))]
  return locales.map(languageOf).find(language => language !== undefined) ?? 'en'
}
