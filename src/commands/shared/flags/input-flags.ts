import { grouped, insteadOf, type Setting, setting } from '../../../cli/settings/define-setting.ts';
import { choice, list, output, path, text, yesNo } from '../../../cli/settings/parsers.ts';
import { duration } from '../../../cli/settings/quantities.ts';

/** The record format of another pipeline. */
export const contractSettings = grouped('Contract:', {
  contract: setting(
    '--contract <file>',
    'contract: the record format of a pipeline that does not use the format of fraudstream',
    undefined,
    path,
  ),
});

/** How files of transactions are read, and how invalid lines are handled. */
export const inputSettings = grouped('Input:', {
  format: setting(
    '--format <format>',
    'input format (default: by file extension, else ndjson)',
    undefined,
    choice('ndjson', 'csv', 'parquet'),
  ),
  map: setting(
    '--map <mapping>',
    'map columns of another schema: card_id=CUSTOMER,amount=PRICE,currency:USD, or a YAML file',
    [],
    list(text),
  ),
  forbidPan: setting(
    '--forbid-pan',
    'reject lines with a card number (13 to 19 digits, Luhn) in a mapped field',
    false,
    yesNo,
  ),
  onError: setting(
    '--on-error <policy>',
    'skip and count an invalid line, or stop the run',
    'skip',
    choice('skip', 'stop'),
  ),
  rejects: setting('--rejects <file>', 'write invalid input lines to this file', undefined, output),
  ...contractSettings,
});

/** In which order the records of files are read. */
export const orderSettings = grouped('Input:', {
  sortWindow: setting(
    '--sort-window <duration>',
    'sort records that are at most this much event time out of order',
    undefined,
    duration,
  ),
  sort: insteadOf(
    'sortWindow',
    setting('--sort', 'sort all records by event time, on disk above 64 MiB', false, yesNo),
  ),
});

/** The past of the features. */
export const restoreSetting: Setting<string | undefined> = setting(
  '--restore <file>',
  'start from the state of the features that features --snapshot wrote to this file',
  undefined,
  path,
);
