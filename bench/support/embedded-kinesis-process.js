// The embedded Kinesis without limits, in a process of its own: a benchmark waits for Java.
// Arguments: streams as JSON. Sends its address; ends with its parent.
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';

const streams = JSON.parse(process.argv[2]);
const settings = { streams, shardLimits: 'none', retainedBytes: 2 ** 31 };
const kinesis = await startEmbeddedKinesis(settings);
process.send(kinesis.url);
process.on('disconnect', () => kinesis.close());
