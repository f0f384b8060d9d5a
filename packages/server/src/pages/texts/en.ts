// English.

export const en = {
  frame: {
    skip: 'Skip to the content',
    account: 'Your account',
    console: 'Admin console',
    signOut: 'Sign out',
    signingOut: 'Signing out…',
  },
}

/** What every language has to say. */
export type Texts = typeof en
