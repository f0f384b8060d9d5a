// Installs the peers in bench/ when they are missing: a clone's own npm ci does not bring them.
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from '../scripts/ensure-installed.js'

/** False, npm's reason printed, when they cannot be had. */
export const ensurePeers = () =>
  ensureInstalled(fileURLToPath(new URL('.', import.meta.url)), 'the peers in bench/')
