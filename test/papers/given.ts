// What a fragment in the papers takes as given, by name: a declaration each, for the compiler.

export const given: Readonly<Record<string, string>> = {
  app: "declare const app: import('express').Express",
  secret: 'declare const secret: string',
  issuer: 'declare const issuer: string',
  auth: "import { mount } from '@latchkey/server/express'\ndeclare const auth: import('@latchkey/server').Latchkey",
  'any app': 'declare const app: any',
  protect: "import { protect } from 'latchkey/express'",
  'protect of next': "import { protect } from 'latchkey/next'\ndeclare const guard: { secret: string }",
  'protect of node': "import { protect } from 'latchkey/node'",
  z: "import { z } from 'zod'",
  server: "declare const server: import('node:http').Server",
  sockets:
    'declare const sockets: { handleUpgrade(req: any, socket: any, head: any, then: (ws: any) => void): void }',
  client:
    "import { createClient } from 'latchkey/client'\ndeclare const client: ReturnType<typeof createClient>",
  credentials:
    'declare const credentials: { username: string; password: string }\ndeclare function show(text: string): void',
  'react root': "import { createRoot } from 'react-dom/client'\ndeclare const root: HTMLElement",
  'a verifier':
    "import type { Key } from 'latchkey'\ndeclare const keys: Key[]\ndeclare const [issuer, audience]: [string, string]",
  nest: "import { Controller, Get } from '@nestjs/common'",
  'the application':
    'declare const crm: any, siem: any\ndeclare function isBlocked(address: string | undefined): Promise<boolean>\ndeclare function tenantOf(id: string): Promise<string>',
  'drop-in': "import jwt from 'latchkey/jsonwebtoken'",
  'another library':
    'declare const expressjwt: any, jwt: any, passport: any, Strategy: any, ExtractJwt: any, users: any',
}
