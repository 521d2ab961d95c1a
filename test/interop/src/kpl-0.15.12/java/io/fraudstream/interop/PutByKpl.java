package io.fraudstream.interop;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.services.kinesis.producer.KinesisProducer;
import com.amazonaws.services.kinesis.producer.KinesisProducerConfiguration;
import com.amazonaws.services.kinesis.producer.UserRecordResult;
import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;

/** Puts {@link TestRecords} by the KPL 0.15 over TLS. Arguments and output: {@link Puts}. */
public final class PutByKpl {
  private PutByKpl() {}

  public static void main(String[] arguments) throws Exception {
    Puts puts = new Puts(arguments);
    KinesisProducer producer =
        new KinesisProducer(
            new KinesisProducerConfiguration()
                .setRegion("us-east-1")
                .setCredentialsProvider(
                    new AWSStaticCredentialsProvider(new BasicAWSCredentials("local", "local")))
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
