// The first page and the pages of accounts as rows of the route table. What answers them is loaded with the first one:
// a server that only hands out tokens carries none of it.
import * as shapes from './late-shapes.ts'
import { type Route, route } from './route.ts'

const { nothing } = shapes
const home = () => import('./endpoints/home.ts')
const sessions = () => import('./endpoints/sign-in-page.ts')
const signUp = () => import('./endpoints/sign-up-page.ts')
const links = () => import('./endpoints/link-pages.ts')
const account = () => import('./endpoints/account-pages.ts')

/** Open to everybody: a page, and its form. */
const page = (path: string, run: Route['run']): Route =>
  route({ method: 'GET', path, access: 'public', isPage: true, body: nothing, run })

type Row<T> = Parameters<typeof route<T>>[0]

const form = <T>(path: string, body: Row<T>['body'], run: Row<T>['run']): Route =>
  route({ method: 'POST', path, access: 'public', isPage: true, body, run })

/** A form whose password is hashed: refused unread when too much waits for that. */
const hashingForm = <T>(path: string, body: Row<T>['body'], run: Row<T>['run']): Route => ({
  ...form(path, body, run),
  hashes: true,
})

/** Of whoever is signed in. */
const ownPage = (path: string, run: Route['run']): Route =>
  route({ method: 'GET', path, access: 'page', body: nothing, run })

const ownForm = <T>(path: string, body: Row<T>['body'], run: Row<T>['run']): Route =>
  route({ method: 'POST', path, access: 'page', body, run })

const ownAct = (path: string, run: Route['run']): Route =>
  route({ method: 'POST', path, access: 'page', body: nothing, run })

export const accountRoutes: readonly Route[] = [
  page('/', async call => (await home()).homePage(call)),
  page('/login', async call => (await sessions()).showSignIn(call)),
  hashingForm('/login', shapes.signInForm, async call => (await sessions()).takeSignIn(call)),
  page('/signed-out', async call => (await sessions()).showSignedOut(call)),
  ownAct('/account/sign-out', async call => (await sessions()).takeSignOut(call)),

  page('/register', async call => (await signUp()).showSignUp(call)),
  hashingForm('/register', shapes.signUpForm, async call => (await signUp()).takeSignUp(call)),

  page('/forgot', async call => (await links()).showForgot(call)),
  form('/forgot', shapes.forgotForm, async call => (await links()).takeForgot(call)),
  page('/reset', async call => (await links()).showReset(call)),
  form('/reset', shapes.resetForm, async call => (await links()).takeReset(call)),
  page('/verify', async call => (await links()).showVerify(call)),
  form('/verify', shapes.verifyForm, async call => (await links()).takeVerify(call)),

  ownPage('/account', async call => (await account()).showProfilePage(call)),
  ownForm('/account', shapes.profileForm, async call => (await account()).takeProfile(call)),
  page('/.well-known/change-password', async () => (await account()).leadToPasswordPage()),
  ownPage('/account/password', async call => (await account()).showPasswordPage(call)),
  ownForm('/account/password', shapes.passwordForm, async call => (await account()).takePassword(call)),
  ownPage('/account/email', async call => (await account()).showAddressPage(call)),
  ownForm('/account/email', shapes.addressForm, async call => (await account()).takeAddress(call)),
  ownAct('/account/email/send', async call => (await account()).takeSendAgain(call)),
  ownPage('/account/devices', async call => (await account()).showDevices(call)),
  ownAct('/account/devices/end-all', async call => (await account()).takeEndAll(call)),
  ownAct('/account/devices/:id/end', async call => (await account()).takeDeviceEnd(call)),
  ownPage('/account/keys', async call => (await account()).showApiKeys(call)),
  ownForm('/account/keys', shapes.apiKeyForm, async call => (await account()).takeApiKey(call)),
  ownAct('/account/keys/:id/revoke', async call => (await account()).takeApiKeyRevocation(call)),
  ownPage('/account/appearance', async call => (await account()).showAppearance(call)),
  ownForm('/account/appearance', shapes.appearanceForm, async call => (await account()).takeAppearance(call)),
  ownPage('/account/data', async call => (await account()).showData(call)),
  ownAct('/account/data/export', async call => (await account()).takeExport(call)),
  ownPage('/account/delete', async call => (await account()).showDeletion(call)),
  ownForm('/account/delete', shapes.deletionForm, async call => (await account()).takeDeletion(call)),
]
