// The pages of clients: services that sign in as themselves. The list, the form that adds one, and one client.
import type { ClientRecord } from '../../store/records.ts'
import { Empty } from './empty.tsx'
import { type ConsoleFrame, ConsolePage } from './frame.tsx'
import { type PageLinks, Pager } from './pager.tsx'
import { Pills, StatePill } from './pills.tsx'
import { When } from './when.tsx'

interface ClientsFacts extends PageLinks {
  frame: ConsoleFrame
  clients: readonly ClientRecord[]
}

const intro = 'Services that sign in as themselves, with an id and a secret.'

export function clientsPage({ frame, clients, first, next }: ClientsFacts) {
  const add = (
    <a class="button" href="/admin/clients/new">
      Add a client
    </a>
  )
  return (
    <ConsolePage frame={frame} section="clients" title="Clients" intro={intro} acts={add}>
      {clients.length === 0 ? (
        <Empty title="There are no clients">
          A service needs one to ask about tokens, or to follow revocations.
        </Empty>
      ) : (
        <>
          <div class="table long">
            <table>
              <thead>
                <tr>
                  <th scope="col">Client</th>
                  <th scope="col" class="wide">
                    Scopes
                  </th>
                  <th scope="col">State</th>
                  <th scope="col" class="wide">
                    Added
                  </th>
                </tr>
              </thead>
              <tbody>
                {clients.map(client => (
                  <tr>
                    <th scope="row">
                      <a class="row" href={`/admin/clients/${client.id}`}>
                        {client.name}
                      </a>
                      <span class="sub mono">{client.id}</span>
                    </th>
                    <td class="wide">
                      <Pills names={client.scopes} none="–" />
                    </td>
                    <td>
                      <ClientState client={client} />
                    </td>
                    <td class="when wide">
                      <When atMs={client.createdAt * 1000} nowMs={frame.nowMs} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Pager first={first} next={next} shown={clients.length} of={['client', 'clients']} />
        </>
      )}
    </ConsolePage>
  )
}

function ClientState({ client }: { client: ClientRecord }) {
  return client.disabledAt === undefined ? (
    <StatePill words="Enabled" tone="good" />
  ) : (
    <StatePill words="Disabled" tone="bad" />
  )
}

interface NewClientFacts {
  frame: ConsoleFrame
  /** What was typed before it was refused. */
  given: { name: string; scopes: string; audiences: string }
}

export function newClientPage({ frame, given }: NewClientFacts) {
  return (
    <ConsolePage
      frame={frame}
      section="clients"
      isDetail
      title="Add a client"
      intro="Its secret is shown once, on the next page."
    >
      <form class="card narrow" method="post" action="/admin/clients">
        <div class="field">
          <label for="name">Name</label>
          <input id="name" name="name" required value={given.name} autocomplete="off" />
        </div>
        <div class="field">
          <label for="scopes">
            Scopes <span class="muted">(optional)</span>
          </label>
          <input
            id="scopes"
            name="scopes"
            value={given.scopes}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="scopes-help"
          />
          <p class="help" id="scopes-help">
            What its tokens may ask for, with spaces between: <code>revocations:read orders:read</code>
          </p>
        </div>
        <div class="field">
          <label for="audiences">
            Audiences <span class="muted">(optional)</span>
          </label>
          <textarea
            id="audiences"
            name="audiences"
            rows={3}
            spellcheck={false}
            aria-describedby="audiences-help"
          >
            {given.audiences}
          </textarea>
          <p class="help" id="audiences-help">
            The names by which tokens are meant for it, one a line. It may ask about those tokens.
          </p>
        </div>
        <button type="submit" data-busy="Adding…">
          Add the client
        </button>
      </form>
    </ConsolePage>
  )
}

export function clientPage({ frame, client }: { frame: ConsoleFrame; client: ClientRecord }) {
  const { nowMs } = frame
  return (
    <ConsolePage
      frame={frame}
      section="clients"
      isDetail
      title={client.name}
      badge={<ClientState client={client} />}
      intro={<code>{client.id}</code>}
    >
      <div class="split">
        <section class="card">
          <dl class="facts">
            <dt>Scopes</dt>
            <dd>
              <Pills names={client.scopes} none="None" />
            </dd>
            <dt>Audiences</dt>
            <dd>
              <Pills names={client.audiences} none="None" />
            </dd>
            <dt>Added</dt>
            <dd>
              <When atMs={client.createdAt * 1000} nowMs={nowMs} />
            </dd>
            {client.disabledAt !== undefined && (
              <>
                <dt>Disabled</dt>
                <dd>
                  <When atMs={client.disabledAt * 1000} nowMs={nowMs} />
                </dd>
              </>
            )}
          </dl>
        </section>
        {client.disabledAt === undefined && (
          <section class="card danger">
            <h2>Disable it</h2>
            <p class="muted">
              Its tokens die at every connected guard, and it gets no more. This cannot be undone: add another
              client instead.
            </p>
            <form
              method="post"
              action={`/admin/clients/${client.id}/disable`}
              data-confirm={`${client.name} gets no more tokens, and those it has die at once. This cannot be undone.`}
            >
              <button class="danger" type="submit" data-busy="Disabling…">
                Disable {client.name}
              </button>
            </form>
          </section>
        )}
      </div>
    </ConsolePage>
  )
}
