import { type Command, command } from '../../cli/command.ts';
import { argument } from '../../cli/settings/define-setting.ts';
import { choice } from '../../cli/settings/parsers.ts';
import { exitCodes } from '../../exit-codes.ts';

/** `fraudstream completion`, for the other verbs and itself. */
export function completion(others: readonly Command[]): Command {
  const itself: Command = command(
    {
      name: 'completion',
      summary: 'print a completion script for bash, zsh or fish',
      settings: {
        shell: argument('<shell>', 'shell to complete in', choice('bash', 'zsh', 'fish')),
      },
      examples: [
        { does: 'bash, in ~/.bashrc', line: 'eval "$(fraudstream completion bash)"' },
        { does: 'zsh, in ~/.zshrc', line: 'eval "$(fraudstream completion zsh)"' },
        {
          does: 'fish',
          line: 'fraudstream completion fish > ~/.config/fish/completions/fraudstream.fish',
        },
      ],
    },
    async ({ shell }, { out }) => {
      const { completionScript } = await import('../../cli/completion.ts');
      await out.write(completionScript(shell, [...others, itself]));
      return exitCodes.ok;
    },
  );
  return itself;
}
