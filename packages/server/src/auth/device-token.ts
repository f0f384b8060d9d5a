// What a device keeps that logged in before: `lkd_` and base64url of key version ‖ user id ‖ device id ‖ when the password
// was set ‖ MAC. It opens nothing; it says that its attempts are not to be counted among strangers'. Derived from the
// master key, stored nowhere.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { UserId, UserRecord } from '../store/records.ts'
import { type MasterKey, masterKeyOf } from './master-key.ts'

const prefix = 'lkd_'
const idBytes = 16
const instantBytes = 6
const headBytes = 1 + 2 * idBytes + instantBytes
const macBytes = 32
const totalBytes = headBytes + macBytes

export interface KnownDevice {
  userId: UserId
  /** 128 random bits in base64url. */
  deviceId: string
  /** When the password was set that it logged in with. */
  passwordChangedAt: number
}

/** A device that nobody has seen before, of a user who has just signed in on it. */
export function newDevice({ id, passwordChangedAt }: UserRecord): KnownDevice {
  return { userId: id, deviceId: randomBytes(idBytes).toString('base64url'), passwordChangedAt }
}

/**
 * Whether a device logged in with the password that counts now. Whoever knew an older one may have gathered a token with
 * each login, and with it as many lanes to guess the new one by.
 */
export function isDeviceOf(device: KnownDevice, user: UserRecord | undefined): boolean {
  return device.userId === user?.id && device.passwordChangedAt === user.passwordChangedAt
}

export function deviceToken(master: MasterKey, { userId, deviceId, passwordChangedAt }: KnownDevice): string {
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(master.version, 0)
  head.write(userId, 1, idBytes, 'base64url')
  head.write(deviceId, 1 + idBytes, idBytes, 'base64url')
  head.writeUIntBE(passwordChangedAt, headBytes - instantBytes, instantBytes)
  return prefix + Buffer.concat([head, macOf(master, head)]).toString('base64url')
}

/** The device that a token is of; undefined when it was never made under an accepted master key. Reads no store. */
export function readDeviceToken(master: MasterKey, text: string): KnownDevice | undefined {
  const bytes = Buffer.from(text.slice(prefix.length), 'base64url')
  // Buffer skips what is not base64url: only the one spelling that we would write ourselves is ours.
  if (bytes.length !== totalBytes || prefix + bytes.toString('base64url') !== text) return undefined
  const head = bytes.subarray(0, headBytes)
  const key = masterKeyOf(master, head.readUInt8(0))
  if (key === undefined || !timingSafeEqual(bytes.subarray(headBytes), macOf(key, head))) return undefined
  return {
    userId: head.toString('base64url', 1, 1 + idBytes) as UserId,
    deviceId: head.toString('base64url', 1 + idBytes, 1 + 2 * idBytes),
    passwordChangedAt: head.readUIntBE(headBytes - instantBytes, instantBytes),
  }
}

function macOf(master: MasterKey, head: Buffer): Buffer {
  return createHmac('sha256', master.device).update(head).digest()
}
