// The shapes of bodies, loaded with the first body: the library that checks them is a third of what the server would
// load to start.
import type * as shapes from './shapes.ts'

let loaded: Promise<typeof shapes> | undefined

/** Loads all of them, once: Node looks the module up anew with each import, which costs as much as a signature. */
export function loadShapes(): Promise<typeof shapes> {
  loaded ??= import('./shapes.ts')
  return loaded
}

/** Loads one shape. */
const late =
  <Name extends keyof typeof shapes>(name: Name) =>
  async (): Promise<(typeof shapes)[Name]> =>
    (await loadShapes())[name]

export const registration = late('registration')
export const credentials = late('credentials')
export const renewal = late('renewal')
export const farewell = late('farewell')
export const profileChange = late('profileChange')
export const deletion = late('deletion')
export const passwordChange = late('passwordChange')
export const forgotten = late('forgotten')
export const passwordReset = late('passwordReset')
export const addressChange = late('addressChange')
export const addressVerification = late('addressVerification')
export const newApiKey = late('newApiKey')
export const newUser = late('newUser')
export const userChange = late('userChange')
export const newInvitation = late('newInvitation')
export const newClient = late('newClient')
export const newUserForm = late('newUserForm')
export const rolesForm = late('rolesForm')
export const userStateForm = late('userStateForm')
export const newClientForm = late('newClientForm')
export const invitationForm = late('invitationForm')
export const tokenRequest = late('tokenRequest')
export const tokenQuestion = late('tokenQuestion')
export const signInForm = late('signInForm')
export const signUpForm = late('signUpForm')
export const forgotForm = late('forgotForm')
export const resetForm = late('resetForm')
export const verifyForm = late('verifyForm')
export const profileForm = late('profileForm')
export const passwordForm = late('passwordForm')
export const addressForm = late('addressForm')
export const apiKeyForm = late('apiKeyForm')
export const appearanceForm = late('appearanceForm')
export const deletionForm = late('deletionForm')
export const inspected = late('inspected')
export const nothing = late('nothing')
