import { addTest, type Report, TESTS_LIMIT, type TestState, unreadable } from './report.ts';
import { readXml } from './xml.ts';

type Attributes = Readonly<Record<string, string>>;

/**
 * Reads a JUnit report. A test is named by its class, file or suites, and its name. A report that announces failures
 * and lists none, or that lists no test, is not relied on.
 */
export function parseJunit(text: string): Report {
  const tests = new Map<string, TestState>();
  const suites: string[] = [];
  let announced = 0;
  let test: { readonly id: string; state: TestState } | null = null;

  const problem = readXml(text, {
    open: (name, attributes) => {
      if (name === 'testsuite') {
        suites.push(attributes.name ?? '');
        announced += countIn(attributes, 'failures') + countIn(attributes, 'errors');
      } else if (name === 'testcase') {
        test = { id: idOf(attributes, suites), state: isNotRun(attributes) ? 'skipped' : 'passed' };
      } else if (name === 'failure' || name === 'error') {
        if (test) test.state = 'failed';
        // A suite that could not be loaded has no test to name.
        else addTest(tests, [...suites, 'suite'].join(' > '), 'failed');
      } else if (name === 'skipped' && test?.state === 'passed') {
        test.state = 'skipped';
      }
    },
    close: name => {
      if (name === 'testsuite') suites.pop();
      if (name !== 'testcase' || !test) return;
      if (tests.size <= TESTS_LIMIT) addTest(tests, test.id, test.state);
      test = null;
    },
  });

  if (problem !== null) return unreadable(problem);
  if (tests.size === 0) return unreadable('it lists no test');
  if (tests.size > TESTS_LIMIT) return unreadable(`it has more than ${TESTS_LIMIT} tests`);
  if (announced > 0 && ![...tests.values()].includes('failed')) {
    return unreadable('it announces failures and lists none');
  }
  return { kind: 'read', tests };
}

/** https://github.com/testmoapp/junitxml says which attributes which tools write. */
function idOf({ classname, file, name }: Attributes, suites: readonly string[]): string {
  const place = classname || file || suites.filter(suite => suite !== '').join(' > ');
  return [place, name ?? ''].filter(part => part !== '').join(' > ');
}

const countIn = (attributes: Attributes, name: string) => Number.parseInt(attributes[name] ?? '', 10) || 0;

// Of GoogleTest: https://google.github.io/googletest/advanced.html#generating-an-xml-report
const isNotRun = ({ status }: Attributes) => status === 'notrun';
