// What is said of the pages: one line each, since people read them and programs do not.
import type { OperationRow } from './operation.ts'

const html = 'text/html'

export function page(id: string, summary: string, more: Partial<OperationRow> = {}): OperationRow {
  return { id, tag: 'Pages', summary, answers: [{ status: 200, words: 'The page.', media: html }], ...more }
}

/** A form that leads on (RFC 9110 15.4.4); a refused one is shown again with the reason. */
export function form(id: string, summary: string, more: Partial<OperationRow> = {}): OperationRow {
  return { id, tag: 'Pages', summary, answers: [{ status: 303, words: 'Leads on to a page.' }], ...more }
}

const still = { isStoreless: true } as const

export const pageRows: Readonly<Record<string, OperationRow>> = {
  'GET /': page('homePage', 'What runs here', still),
  'GET /docs': page('docsPage', 'This description, to read and to try out', still),
  'GET /inspect': page('inspectorPage', 'Explains a token', still),
  'GET /register': page('registerPage', 'Create an account', {
    ...still,
    query: ['invitation', 'return_to'],
  }),
  'POST /register': form('registerForm', 'Create an account, by form', {
    example: { username: 'ada', password: 'a lantern on the sill', email: '' },
    codes: ['registration_closed', 'invitation_invalid', 'username_taken', 'weak_password', 'overloaded'],
  }),
  'GET /forgot': page('forgotPage', 'Ask for a link to a new password', still),
  'POST /forgot': page('forgotForm', 'Ask for that link, by form', { example: { email: 'ada@example.com' } }),
  'GET /reset': page('resetPage', 'Choose a new password by a link', { ...still, query: ['token'] }),
  'POST /reset': page('resetForm', 'Choose it, by form', {
    example: { token: 'lko_AQGb0kFz', new_password: 'a new lantern here' },
    codes: ['invalid_link', 'weak_password', 'overloaded'],
  }),
  'GET /verify': page('verifyPage', 'Verify an e-mail address by a link', { ...still, query: ['token'] }),
  'POST /verify': page('verifyForm', 'Verify it, by form', {
    example: { token: 'lko_AQGb0kFz' },
    codes: ['invalid_link'],
  }),
  'GET /outbox': page(
    'outboxPage',
    'Mails of a machine without a mail server; for that machine alone',
    still,
  ),
  'GET /assets/:name': page('asset', 'Styles and scripts of the pages', {
    ...still,
    param: 'The file’s name.',
    query: ['v'],
    answers: [
      { status: 200, words: 'The style.', media: 'text/css' },
      { status: 200, words: 'The script.', media: 'text/javascript' },
    ],
    codes: ['not_found'],
  }),
}
