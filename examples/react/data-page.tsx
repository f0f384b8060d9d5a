/** @jsxImportSource react */
// The page that only a signed-in user sees, and its call with the token.
import { LatchkeyError } from 'latchkey/client'
import { useSession } from 'latchkey/react'
import { type ReactElement, useCallback, useEffect, useState } from 'react'
import { client, latchkeyUrl } from './client.ts'

export function DataPage(): ReactElement {
  const { user, signOut } = useSession()
  const [data, setData] = useState<string>()
  const [failure, setFailure] = useState<string>()

  /** Tries, and says what went wrong. That a session has ended is onExpired's to say. */
  const attempt = useCallback(async (act: () => Promise<void>) => {
    setFailure(undefined)
    try {
      await act()
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error
      setFailure(error.title)
    }
  }, [])
  const read = useCallback(
    () =>
      attempt(async () => {
        const answer = await client.fetch(`${latchkeyUrl}/user/data`)
        setData(JSON.stringify(await answer.json(), undefined, 2))
      }),
    [attempt],
  )
  useEffect(() => void read(), [read])

  return (
    <main className="card wide">
      <title>Your data</title>
      <h1>Hello, {user?.username}</h1>
      <p>This is the server’s answer to your token. Only who is signed in gets it.</p>
      {failure !== undefined && (
        <p className="refusal" role="alert">
          {failure}
        </p>
      )}
      <pre>{data}</pre>
      <div className="row">
        <button type="button" className="primary" onClick={read}>
          Read it again
        </button>
        <button type="button" onClick={() => attempt(signOut)}>
          Sign out
        </button>
      </div>
    </main>
  )
}
