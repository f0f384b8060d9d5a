/** @jsxImportSource react */
// Which page is shown, and the session around them all.
import { LatchkeyProvider, useSession } from 'latchkey/react'
import { type ReactElement, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { go, signInAddress, useAddress } from './address.ts'
import { client } from './client.ts'
import { DataPage } from './data-page.tsx'
import { SignInPage } from './sign-in-page.tsx'

function App(): ReactElement {
  const address = useAddress()
  const { status } = useSession()
  const isPublic = address.pathname === '/sign-in' || address.pathname === '/sign-up'
  const isAway = status === 'signed-out' && !isPublic
  useEffect(() => {
    if (isAway) go(signInAddress(address.pathname + address.search + address.hash))
  }, [isAway, address.pathname, address.search, address.hash])

  if (isPublic) return <SignInPage isNew={address.pathname === '/sign-up'} address={address} />
  if (status === 'unreachable') {
    return (
      <main className="card">
        <h1>The login server cannot be reached</h1>
        <p>Check the connection. This page goes on by itself once the browser is online.</p>
      </main>
    )
  }
  return status === 'signed-in' ? <DataPage /> : <main aria-busy="true" />
}

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(
  <LatchkeyProvider client={client}>
    <App />
  </LatchkeyProvider>,
)
