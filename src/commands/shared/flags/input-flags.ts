import { grouped, setting } from '../../../cli/settings/define-setting.ts';
import { choice, list, output, path, text } from '../../../cli/settings/parsers.ts';

/** The form of records that is not ours. */
export const contractSettings = grouped('Contract:', {
  contract: setting(
    '--contract <file>',
    'contract: the form of transactions, verdicts and dead letters that is not ours',
    undefined,
    path,
  ),
});

/** How files of transactions are read, and what becomes of bad lines. */
export const inputSettings = grouped('Input:', {
  format: setting(
    '--format <form>',
    'form of the input; default: what the name ends in, else ndjson',
    undefined,
    choice('ndjson', 'csv', 'parquet'),
  ),
  map: setting(
    '--map <mapping>',
    'columns of a foreign file: card_id=CUSTOMER,amount=PRICE,currency:USD, or a YAML file',
    [],
    list(text),
  ),
  onError: setting(
    '--on-error <policy>',
    'a bad line: skip and count it, or stop the run',
    'skip',
    choice('skip', 'stop'),
  ),
  rejects: setting('--rejects <file>', 'write bad lines of the input there', undefined, output),
  ...contractSettings,
});
