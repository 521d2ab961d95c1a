package io.fraudstream.scoring;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/** The body of a request, in one piece. */
final class RequestBytes implements SdkHttpContentPublisher {
  private final byte[] bytes;

  RequestBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public Optional<Long> contentLength() {
    return Optional.of((long) bytes.length);
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(
        new Subscription() {
          private boolean isDone;

          @Override
          public void request(long count) {
            if (isDone) return;
            isDone = true;
            subscriber.onNext(ByteBuffer.wrap(bytes));
            subscriber.onComplete();
          }

          @Override
          public void cancel() {
            isDone = true;
          }
        });
  }
}
