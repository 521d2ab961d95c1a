import { grouped, insteadOf, setting } from '../../../cli/settings/define-setting.ts';
import { choice, list, output, path, text, yesNo } from '../../../cli/settings/parsers.ts';
import { duration } from '../../../cli/settings/quantities.ts';

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
  forbidPan: setting(
    '--forbid-pan',
    'a card number (13 to 19 digits, Luhn) in a mapped field is a bad line',
    false,
    yesNo,
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

/** In which order the records of files are read. */
export const orderSettings = grouped('Input:', {
  sortWindow: setting(
    '--sort-window <span>',
    'put in order what is out of order by at most that much event time',
    undefined,
    duration,
  ),
  sort: insteadOf(
    'sortWindow',
    setting('--sort', 'put all in order of event time, on disk past 64 MiB', false, yesNo),
  ),
});
