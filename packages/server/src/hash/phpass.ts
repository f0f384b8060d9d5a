// phpass's portable hash, which WordPress (to 6.7) and phpBB 3 kept: MD5 over and over.
import { hash } from 'node:crypto'
import { cryptText, cryptValue } from './crypt-text.ts'
import type { HashFormat } from './kept-hash.ts'

/** `$phpass$B$salt$tag`: the letter is the logarithm of the rounds. */
export const phpass: HashFormat = {
  pattern: /^\$phpass\$([./0-9A-Za-z])\$([./0-9A-Za-z]{8})\$([./0-9A-Za-z]{22}|)$/,
  read(cost = '', salt = '', tag = '') {
    const logarithm = cryptValue(cost)
    // phpass itself asks for 7 to 30; 2^18 rounds take about half a second.
    if (logarithm < 7 || logarithm > 18) return 'too_costly'
    return {
      tag: Buffer.from(tag),
      isFast: true,
      derive(password) {
        const bytes = Buffer.from(password)
        let digest = hash('md5', Buffer.concat([Buffer.from(salt), bytes]), 'buffer')
        for (let left = 2 ** logarithm; left > 0; left--)
          digest = hash('md5', Buffer.concat([digest, bytes]), 'buffer')
        return Buffer.from(cryptText(digest))
      },
    }
  },
}
