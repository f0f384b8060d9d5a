// Writes a file so that nobody ever sees half of it, or sees it before its mode is set.
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

export function writeWhole(file: string, text: string, mode: number): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`
  try {
    const descriptor = openSync(draft, 'wx', mode)
    try {
      writeSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}
