import { pipelineApp } from './stacks.ts';

/** The template of each stack as text, by the name of its file: the same text on every synth. */
export function templates(): ReadonlyMap<string, string> {
  const { app, stacks } = pipelineApp();
  const assembly = app.synth();
  return new Map(
    stacks.map(({ stackName }) => {
      const { template } = assembly.getStackByName(stackName);
      return [`${stackName}.template.json`, `${JSON.stringify(template, null, 1)}\n`];
    }),
  );
}
