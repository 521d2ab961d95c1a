import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mavenFailure } from './maven-failure.ts';

const failure = (text: string): string =>
  `[INFO] Scanning for projects...\n[ERROR] ${text} -> [Help 1]\n[ERROR]\n[ERROR] For more information, read the following articles:\n[ERROR] [Help 1] http://cwiki.apache.org/confluence/x`;

const cases: readonly (readonly [what: string, output: string, sentence: RegExp])[] = [
  [
    'a dependency that no registry has',
    failure(
      'Failed to execute goal on project fraudstream-flink: Could not resolve dependencies for project io.fraudstream:fraudstream-flink:jar:1.0.0: Could not find artifact org.apache.flink:flink-streaming-java:jar:2.2.0 in central (https://repo.example)',
    ),
    /^the Maven registry central does not have org\.apache\.flink:flink-streaming-java:jar:2\.2\.0; add a mirror/,
  ],
  [
    'a plugin that no registry has',
    failure(
      'Plugin org.apache.maven.plugins:maven-shade-plugin:3.6.0 or one of its dependencies could not be resolved: Could not find artifact org.apache.maven.plugins:maven-shade-plugin:pom:3.6.0 in central (https://repo.example)',
    ),
    /^the Maven registry central does not have org\.apache\.maven\.plugins:maven-shade-plugin:pom:3\.6\.0;/,
  ],
  [
    'a registry that cannot be reached',
    failure(
      'Failed to execute goal on project fraudstream-flink: Could not transfer artifact org.apache.flink:flink-core:pom:2.2.0 from/to central (https://repo.example): Connection refused',
    ),
    /^the Maven registry cannot be reached for org\.apache\.flink:flink-core:pom:2\.2\.0;/,
  ],
  [
    'Maven told to work offline',
    failure(
      'Cannot access central (https://repo.example) in offline mode and the artifact org.apache.flink:flink-core:jar:2.2.0 has not been downloaded from it before.',
    ),
    /^the Maven registry cannot be reached for org\.apache\.flink:flink-core:jar:2\.2\.0;/,
  ],
  [
    'a JRE',
    failure('No compiler is provided in this environment. Perhaps you are running on a JRE?'),
    /^there is no Java compiler of version 17 or newer; install a JDK/,
  ],
  [
    'an old JDK',
    failure('Fatal error compiling: error: release version 17 not supported'),
    /^there is no Java compiler of version 17/,
  ],
  [
    'code that does not compile',
    '[ERROR] COMPILATION ERROR :\n[ERROR] /home/u/src/main/java/io/fraudstream/job/JobGraph.java:[12,5] cannot find symbol\n',
    /^JobGraph\.java does not compile: line 12, cannot find symbol$/,
  ],
  [
    'any other goal',
    failure(
      'Failed to execute goal org.apache.maven.plugins:maven-shade-plugin:3.6.0:shade (default) on project fraudstream-flink: Error creating shaded jar',
    ),
    /^maven-shade-plugin failed$/,
  ],
  ['something else', 'Killed', /^Maven failed$/],
];

for (const [what, output, sentence] of cases) {
  test(`${what} is said in one sentence, without the output of Maven`, () => {
    const said = mavenFailure(output);
    assert.match(said, sentence);
    assert.doesNotMatch(said, /\n|\[ERROR\]|Help 1/);
  });
}
