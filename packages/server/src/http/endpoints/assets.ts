// GET /assets/:name
import { LatchkeyError } from 'latchkey'
import { findAsset } from '../../pages/assets.ts'
import type { Call } from '../call.ts'

/** Kept for good under its full address, which changes with the content. */
export function showAsset({ params, query }: Call): Response {
  const asset = findAsset(params['name'] ?? '')
  if (asset === undefined) throw new LatchkeyError('not_found')
  const isExact = asset.href.endsWith(`?v=${query.get('v')}`)
  return new Response(asset.content, {
    headers: {
      'content-type': asset.contentType,
      'cache-control': isExact ? 'public, max-age=31536000, immutable' : 'public, max-age=300',
    },
  })
}
