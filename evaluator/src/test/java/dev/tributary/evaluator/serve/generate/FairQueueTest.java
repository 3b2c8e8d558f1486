package dev.tributary.evaluator.serve.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FairQueueTest {

  @Test
  void takesTurnsBetweenKeys() throws Exception {
    // given a burst of one key before the only element of another
    FairQueue<String, String> queue = new FairQueue<>(10);
    queue.offer("acme", "a1");
    queue.offer("acme", "a2");
    queue.offer("acme", "a3");
    queue.offer("shop", "s1");

    // when
    List<String> order = new ArrayList<>();
    while (queue.size() > 0) {
      order.add(queue.take().orElseThrow());
    }

    // then the other key waits for one element, not for three
    assertEquals(List.of("a1", "s1", "a2", "a3"), order);
  }

  @Test
  void pollingTakesTurnsTooAndDoesNotWait() {
    FairQueue<String, String> queue = new FairQueue<>(10);
    queue.offer("acme", "a1");
    queue.offer("acme", "a2");
    queue.offer("shop", "s1");

    List<Optional<String>> order = List.of(queue.poll(), queue.poll(), queue.poll(), queue.poll());

    assertEquals(
        List.of(Optional.of("a1"), Optional.of("s1"), Optional.of("a2"), Optional.empty()), order);
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    FairQueue<String, String> queue = new FairQueue<>(2);

    assertTrue(queue.offer("acme", "1"));
    assertTrue(queue.offer("shop", "2"));
    assertFalse(queue.offer("other", "3"));

    queue.take();
    assertTrue(queue.offer("other", "3"));
  }

  @Test
  void servesThoseWaitingAfterClosingAndThenReleasesTheTakers() throws Exception {
    FairQueue<String, String> queue = new FairQueue<>(2);
    queue.offer("acme", "1");

    queue.close();

    assertFalse(queue.offer("acme", "2"));
    assertEquals(Optional.of("1"), queue.take());
    assertEquals(Optional.empty(), queue.take());
  }

  @Test
  void wakesATakerThatWaits() throws Exception {
    FairQueue<String, String> queue = new FairQueue<>(1);
    CompletableFuture<Optional<String>> taken =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return queue.take();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    queue.offer("acme", "1");

    assertEquals(Optional.of("1"), taken.get(5, TimeUnit.SECONDS));
  }
}
