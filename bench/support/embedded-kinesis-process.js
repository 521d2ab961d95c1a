// The embedded Kinesis without limits, in a process of its own: a benchmark waits for Java.
// Arguments: streams as JSON. Sends its address; takes faults as messages; ends with its parent.
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { parseFaults } from '../../dist/emulators/kinesis/faults.js';

const streams = JSON.parse(process.argv[2]);
const settings = { streams, shardLimits: 'none', retainedBytes: 2 ** 31 };
const kinesis = await startEmbeddedKinesis(settings);
process.send(kinesis.url);
process.on('message', (faults) => {
  void kinesis.setFaults(faults === '' ? [] : parseFaults(faults));
});
process.on('disconnect', () => kinesis.close());
