/**
 * Why a build by Maven failed, in one sentence without its full stop, from what it printed.
 *
 * Maven prints pages; what someone can act on is the artifact that no registry has, the registry
 * that cannot be reached, the compiler that is missing, or the line of code.
 */
export function mavenFailure(output: string): string {
  const absent = first(output, /Could not find artifact ([\w.-]+(?::[\w.-]+)+)(?: in (\S+))?/);
  if (absent) {
    const [artifact, registry] = absent;
    const where = registry === undefined ? 'the Maven registry' : `the Maven registry ${registry}`;
    return `${where} does not have ${artifact}; add a mirror that has it to ~/.m2/settings.xml`;
  }
  const offline = first(
    output,
    /([\w.-]+(?::[\w.-]+){2,}) has not been downloaded from it before|Could not transfer (?:artifact|metadata) ([\w.-]+(?::[\w.-]+)+)/,
  );
  if (offline) {
    const artifact = offline.find((name) => name !== undefined);
    return `the Maven registry cannot be reached for ${artifact}; check the network and the mirrors in ~/.m2/settings.xml`;
  }
  if (/No compiler is provided|release version \d+ not supported/.test(output)) {
    return 'there is no Java compiler of version 17 or newer; install a JDK (Debian: apt-get install openjdk-17-jdk-headless) and set JAVA_HOME to it';
  }
  const code = first(output, /\[ERROR\] \S*?([\w-]+\.java):\[(\d+),\d+\] (.+)/);
  if (code) return `${code[0]} does not compile: line ${code[1]}, ${code[2]}`;
  const goal = first(output, /Failed to execute goal [\w.-]+:([\w.-]+)(?::[\w.-]+)?(?::[\w-]+)?/);
  return goal ? `${goal[0]} failed` : 'Maven failed';
}

function first(text: string, pattern: RegExp): readonly (string | undefined)[] | undefined {
  return pattern.exec(text)?.slice(1);
}
