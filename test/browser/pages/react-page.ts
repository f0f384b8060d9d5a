// The session in React, with its strict mode on.
import { createClient } from 'latchkey/client'
import { LatchkeyProvider, useSession } from 'latchkey/react'
import { createElement, type ReactElement, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ada } from '../../account.ts'

function Session(): ReactElement {
  const { user, status, signIn, signOut } = useSession()
  return createElement(
    'main',
    undefined,
    createElement('p', { id: 'shown' }, `${status} ${user?.username ?? 'nobody'}`),
    createElement('button', { id: 'sign-in', type: 'button', onClick: () => void signIn(ada) }, 'Sign in'),
    createElement('button', { id: 'sign-out', type: 'button', onClick: () => void signOut() }, 'Sign out'),
  )
}

const client = createClient({ url: '/' })
const app = document.getElementById('app')
if (app === null) throw new Error('the page has no place for it')
createRoot(app).render(
  createElement(StrictMode, undefined, createElement(LatchkeyProvider, { client }, createElement(Session))),
)
