// A peer as a server of its own: oidc-provider, everything in memory, refresh tokens that rotate. Prints its address,
// then answers the message `tokens` with refresh tokens of as many grants.
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

/** Plain maps: the adapter that comes with it forgets all but a thousand things. */
class MapAdapter {
  static stored = new Map()
  constructor(model) {
    this.model = model
  }
  key(id) {
    return `${this.model}:${id}`
  }
  async upsert(id, payload) {
    MapAdapter.stored.set(this.key(id), payload)
  }
  async find(id) {
    return MapAdapter.stored.get(this.key(id))
  }
  async findByUid() {}
  async findByUserCode() {}
  async consume(id) {
    const payload = MapAdapter.stored.get(this.key(id))
    if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
  }
  async destroy(id) {
    MapAdapter.stored.delete(this.key(id))
  }
  async revokeByGrantId() {}
}

const server = createServer()
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}`
const client = {
  client_id: 'bench',
  client_secret: 'a lantern on the sill, and another',
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['https://client.example/callback'],
  token_endpoint_auth_method: 'client_secret_post',
}
const provider = new Provider(url, {
  adapter: MapAdapter,
  clients: [client],
  rotateRefreshToken: true,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  ttl: { AccessToken: 3_600, IdToken: 3_600, RefreshToken: 30 * 86_400, Grant: 30 * 86_400 },
})
server.on('request', provider.callback())

process.on('message', async message => {
  if (message.kind !== 'tokens') return
  const tokens = []
  for (let i = 0; i < message.count; i++) {
    const grant = new provider.Grant({ accountId: `user-${i}`, clientId: client.client_id })
    grant.addOIDCScope('openid offline_access')
    const grantId = await grant.save()
    const token = new provider.RefreshToken({
      accountId: `user-${i}`,
      client: await provider.Client.find(client.client_id),
      grantId,
      gty: 'authorization_code',
      scope: 'openid offline_access',
      authTime: Math.floor(Date.now() / 1000),
    })
    tokens.push(await token.save())
  }
  process.send({ tokens })
})
console.log(`running on ${url}`)
