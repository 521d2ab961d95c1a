package io.fraudstream.scoring;

import java.util.concurrent.CompletableFuture;

/** Whoever answers requests. The future never fails: what goes wrong is a {@link Reply} too. */
@FunctionalInterface
public interface Endpoint {
  CompletableFuture<Reply> send(byte[] body);
}
