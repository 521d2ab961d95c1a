import { type Setting, writtenTexts } from './setting.ts';

/** What follows the meaning in a help line: choices, default, further variables, repeatable. */
export function remark(setting: Setting<unknown>): string {
  const { choices, takes } = setting.parser;
  const written = writtenTexts(setting)?.join(', ');
  const isOff = takes === 'nothing' && written === 'false';
  const isOn = takes === 'nothing' && written === 'true';
  const remarks = [
    choices?.join(', '),
    takes === 'many' && 'repeatable',
    written && !isOff && !isOn && `default: ${written}`,
    setting.environment.length > 0 && `env: ${setting.environment.join(', ')}`,
  ];
  const said = remarks.filter(Boolean).join('; ');
  return said && `(${said})`;
}
