// A Vitest reporter: writes what passed, failed and was skipped, with the reason given to `skip`, as JSON to the
// file named by TEST_REPORT_FILE, for test.js to add up.
import { writeFileSync } from 'node:fs'

export default class TestReport {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: 0, skipped: [], unhandled: unhandledErrors.length }
    for (const module of modules) {
      // A file that could not be loaded has no tests to fail.
      if (module.errors().length > 0) report.failed++
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (state === 'passed') report.passed++
        else if (state === 'skipped')
          report.skipped.push({ file: module.relativeModuleId, name: test.fullName, reason: note })
        else report.failed++
      }
    }
    writeFileSync(process.env.TEST_REPORT_FILE, JSON.stringify(report))
  }
}
