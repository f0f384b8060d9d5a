// What is said of each route beside what its row in the route table says: a row each, by method and path. The API's
// description joins the two, and a test compares them both ways.
import { accountPageRows } from './account-page-rows.ts'
import { accountRows } from './account-rows.ts'
import { administrationRows } from './administration-rows.ts'
import { consoleRows } from './console-rows.ts'
import type { OperationRow } from './operation.ts'
import { pageRows } from './page-rows.ts'
import { serviceRows } from './service-rows.ts'

export const operationRows: Readonly<Record<string, OperationRow>> = {
  ...accountRows,
  ...administrationRows,
  ...serviceRows,
  ...pageRows,
  ...accountPageRows,
  ...consoleRows,
}
