// A page with a client that notes what it hears.
import { type Client, createClient, type Expiry, LatchkeyError } from 'latchkey/client'

export interface ClientPage {
  client: Client
  heard: string[]
  expiries: Expiry[]
  /** Statuses of this many parallel calls, or the code of what was thrown. */
  call(times: number): Promise<(number | string)[]>
  createClient: typeof createClient
}

const expiries: Expiry[] = []
const client = createClient({
  url: '/',
  onExpired: expiry => {
    expiries.push(expiry)
  },
})
const heard: string[] = []

const page: ClientPage = {
  client,
  heard,
  expiries,
  createClient,
  call: times =>
    Promise.all(
      Array.from({ length: times }, () =>
        client.fetch('/user/data').then(
          answer => answer.status,
          (error: unknown) => (error instanceof LatchkeyError ? error.code : String(error)),
        ),
      ),
    ),
}
client.onAuthStateChange((event, session) => heard.push(`${event} ${session?.user.username ?? 'nobody'}`))
Object.assign(window, { page })
