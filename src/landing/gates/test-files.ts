/** Whether a path is that of tests, or of what only tests use, by the names that test runners look for. */
export function isTestFile(path: string): boolean {
  return TESTS.some(pattern => pattern.test(path)) && !PROSE.test(path);
}

const TESTS: readonly RegExp[] = [
  // Folders by custom, among them those of Jest, Go and Android.
  /(?:^|\/)(?:tests?|specs?|e2e|features|testdata|integration-tests?|androidtest|__(?:tests|snapshots|mocks)__)\//i,
  // a.test.ts, a_test.go, a-spec.js, a_spec.rb: https://vitest.dev/config/, https://pkg.go.dev/cmd/go#hdr-Test_packages
  /[._-](?:tests?|spec|cy|e2e|unittest)\.[^/]+$/i,
  /(?:^|\/)tests?\.[a-z]+$/i,
  // https://docs.pytest.org/en/stable/explanation/goodpractices.html
  /(?:^|\/)(?:test_[^/]*|conftest)\.py$/,
  // https://maven.apache.org/surefire/maven-surefire-plugin/examples/inclusion-exclusion.html, and alike elsewhere
  /(?:^|\/)Test[A-Z][^/]*\.java$/,
  /(?:Tests?|TestCase|IT|Spec)\.(?:java|kts?|scala|groovy|cs|php|swift|fs|hs)$/,
  /\.(?:bats|feature|t)$/,
];

// A note in a folder of tests proves nothing.
const PROSE = /\.(?:md|markdown|rst|adoc)$|(?:^|\/)\.git(?:ignore|keep)$/i;
