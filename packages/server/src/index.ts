// What the package gives to an application that embeds the server.

export type { PublicUser } from './auth/context.ts'
export { type Config, ConfigError, type ConfigInput, defineConfig, type Roles } from './config.ts'
export type { Clients, Invitation, Sessions, Users } from './embedding.ts'
export type {
  AuditEntry,
  HookCaller,
  HookLogin,
  HookRegistration,
  Hooks,
  HookToken,
  HookUser,
} from './hooks.ts'
export type { Handler } from './http/app.ts'
export type { Connection } from './http/connection.ts'
export { createLatchkey, type Latchkey } from './server.ts'
