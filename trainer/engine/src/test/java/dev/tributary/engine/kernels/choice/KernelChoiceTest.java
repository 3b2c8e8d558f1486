package dev.tributary.engine.kernels.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.choice.KernelChoice.Candidate;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelChoiceTest {

  private static final Candidate FAST = new Candidate("fast", "ND4J", () -> Nd4jKernels.create(1));
  private static final Candidate PLAIN = new Candidate("plain", "Java", ReferenceKernels::new);

  private static Candidate unable(String name, String library, Throwable failure) {
    return new Candidate(
        name,
        library,
        () -> {
          if (failure instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) failure;
        });
  }

  @Test
  void theFirstThatWorksIsTaken() {
    KernelChoice choice = KernelChoice.choose(null, List.of(FAST, PLAIN));

    assertInstanceOf(Nd4jKernels.class, choice.kernels());
    assertFalse(choice.fallback());
    assertEquals(choice.kernels().description(), choice.reason());
  }

  @Test
  void aLibraryOrInstructionThatIsMissingFallsBackAndSaysWhy() {
    List<Candidate> candidates =
        List.of(
            unable("first", "A", new UnsatisfiedLinkError("no such library")),
            unable("second", "A", new NoClassDefFoundError("again")),
            unable("third", "B", new UnsupportedOperationException("no such instruction")),
            PLAIN);

    KernelChoice choice = KernelChoice.choose(" ", candidates);

    assertInstanceOf(ReferenceKernels.class, choice.kernels());
    assertTrue(choice.fallback());
    assertEquals(
        choice.kernels().description()
            + "; A does not work here: no such library"
            + "; third does not work here: no such instruction",
        choice.reason());
  }

  @Test
  void aWishSkipsWhatIsBetter() {
    KernelChoice choice = KernelChoice.choose("plain", List.of(FAST, PLAIN));

    assertInstanceOf(ReferenceKernels.class, choice.kernels());
    assertFalse(choice.fallback());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fastest", "FAST", "onednn-int8"})
  void aWishForWhatDoesNotExistIsRefused(String wish) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> KernelChoice.choose(wish, List.of(FAST, PLAIN)));

    assertEquals(
        "TRIBUTARY_KERNELS: '%s' cannot be used; use one of fast, plain, or leave it unset"
            .formatted(wish),
        e.getMessage());
  }
}
