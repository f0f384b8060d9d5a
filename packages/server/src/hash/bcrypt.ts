// bcrypt, for hashes that come from elsewhere. It reads 72 bytes of a password and stops at a NUL, as it always did.
import { createRequire } from 'node:module'
import type { HashFormat } from './kept-hash.ts'

const require = createRequire(import.meta.url)
/** 2^14 rounds take about two seconds in one thread. */
const maxCost = 14

/** `$2b$10$` and 53 characters: salt and tag in bcrypt's own base64. `$2a$` and `$2y$` are the same computation. */
export const bcrypt: HashFormat = {
  pattern: /^(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/,
  read(setting = '', cost = '', tag = '') {
    if (Number(cost) < 4 || Number(cost) > maxCost) return 'too_costly'
    return {
      tag: Buffer.from(tag),
      isFast: false,
      derive(password) {
        // Loaded with the first such hash: most servers never see one.
        const { hashSync } = require('bcryptjs') as typeof import('bcryptjs')
        return Buffer.from(hashSync(password, setting).slice(setting.length))
      },
    }
  },
}
