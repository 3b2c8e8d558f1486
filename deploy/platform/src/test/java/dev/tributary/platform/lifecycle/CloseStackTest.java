package dev.tributary.platform.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseStackTest {

  private final List<String> closed = new ArrayList<>();

  private AutoCloseable part(String name) {
    return () -> closed.add(name);
  }

  @Test
  void closesInTheOppositeOrderAndOnce() {
    // given
    CloseStack parts = new CloseStack();
    parts.push(part("first"));
    parts.push(part("second"));

    // when
    parts.close();
    parts.close();

    // then
    assertEquals(List.of("second", "first"), closed);
  }

  @Test
  void aPartThatFailsDoesNotKeepTheOthersOpen() {
    // given
    CloseStack parts = new CloseStack();
    parts.push(part("first"));
    parts.push(
        () -> {
          throw new IllegalStateException("cannot be closed");
        });
    parts.push(part("third"));

    // when
    parts.close();

    // then
    assertEquals(List.of("third", "first"), closed);
  }

  @Test
  void whatHasStartedStaysOpen() {
    // when
    CloseStack started =
        CloseStack.start(
            parts -> {
              parts.push(part("first"));
              return parts;
            });

    // then
    assertEquals(List.of(), closed);
    started.close();
    assertEquals(List.of("first"), closed);
  }

  @Test
  void aStartThatFailsHalfWayClosesWhatItStarted() {
    // given
    IllegalStateException failure = new IllegalStateException("port taken");

    // when
    Throwable thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                CloseStack.start(
                    parts -> {
                      parts.push(part("first"));
                      throw failure;
                    }));

    // then
    assertSame(failure, thrown);
    assertEquals(List.of("first"), closed);
  }
}
