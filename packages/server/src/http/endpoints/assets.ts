// GET /assets/:name
import { LatchkeyError } from 'latchkey'
import { findAsset } from '../../pages/assets.ts'
import type { Call } from '../call.ts'

/** Kept for good under its full address, which changes with the content. */
export function showAsset({ params, query, services }: Call): Response {
  const name = params['name'] ?? ''
  const { stylesheet, logo } = services.theme
  const asset = [stylesheet, logo].find(own => own?.name === name) ?? findAsset(name)
  if (asset === undefined) throw new LatchkeyError('not_found')
  const isExact = asset.href.endsWith(`?v=${query.get('v')}`)
  return new Response(asset.content, {
    headers: {
      'content-type': asset.contentType,
      // A picture may hold scripts of its own: opened by itself, it runs none.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cache-control': isExact ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
    },
  })
}
