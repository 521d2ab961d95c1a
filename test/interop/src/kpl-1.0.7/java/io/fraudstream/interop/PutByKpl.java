package io.fraudstream.interop;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;

/** Puts {@link TestRecords} by the KPL 1.0 over TLS. Arguments and output: {@link Puts}. */
public final class PutByKpl {
  private PutByKpl() {}

  public static void main(String[] arguments) throws Exception {
    Puts puts = new Puts(arguments);
    KinesisProducer producer =
        new KinesisProducer(
            new KinesisProducerConfiguration()
                .setRegion("us-east-1")
                .setCredentialsProvider(Clients.CREDENTIALS)
                .setKinesisEndpoint("127.0.0.1")
                .setKinesisPort(puts.kinesisPort())
                .setStsEndpoint("127.0.0.1")
                .setStsPort(puts.stsPort())
                .setVerifyCertificate(false)
                .setMetricsLevel("none")
                .setLogLevel("error")
                .setRecordTtl(Puts.TTL_MS));
    puts.all(
        producer::getOutstandingRecordsCount,
        (number, key, hashKey, data) ->
            Futures.addCallback(
                producer.addUserRecord(puts.stream(), key, hashKey, data),
                new FutureCallback<UserRecordResult>() {
                  @Override
                  public void onSuccess(UserRecordResult result) {
                    puts.ended(number, result.isSuccessful());
                  }

                  @Override
                  public void onFailure(Throwable error) {
                    puts.ended(number, false);
                  }
                },
                MoreExecutors.directExecutor()));
    producer.destroy();
    System.exit(0);
  }
}
