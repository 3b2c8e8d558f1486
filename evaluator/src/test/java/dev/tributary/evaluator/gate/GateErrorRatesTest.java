package dev.tributary.evaluator.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.gate.SimulatedGate.Kind;
import dev.tributary.evaluator.gate.SimulatedGate.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the gate to the error rates that {@code docs/gate.md} declares. */
class GateErrorRatesTest {

  private static final Path PAGE = Path.of("..", "docs", "gate.md");
  private static final String BEGIN = "<!-- rates -->\n";
  private static final String END = "<!-- /rates -->";
  private static final List<Integer> SIZES = List.of(1, 3, 8, 30, 1_000);
  private static final long SEED = 13;

  /** The declared bounds, and three standard errors of 300 comparisons. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 30})
  void whatWasToldDecidesWithinTheDeclaredRates(int records) {
    for (Kind kind : SimulatedGate.KINDS) {
      double passes = new SimulatedGate(SEED).passes(kind, Shown.TOLD, records, 300);
      if (kind.isDeclared()) {
        double wrong = kind.isGood() ? 1 - passes : passes;
        assertTrue(wrong <= (kind.isGood() ? 0.15 : 0.10), kind.name() + ": " + wrong);
      }
    }
  }

  @Test
  void heldOutRecordsAloneRarelyPassAHarmfulCandidate() {
    for (Kind kind : SimulatedGate.KINDS) {
      if (kind.isDeclared() && !kind.isGood()) {
        double passes = new SimulatedGate(SEED).passes(kind, Shown.HELD_OUT, 30, 300);
        assertTrue(passes <= 0.10, kind.name() + ": " + passes);
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "gate.rates", matches = "write")
  void writesTheTable() throws IOException {
    String page = Files.readString(PAGE);
    String head =
        "| shown on | candidate | "
            + SIZES.stream()
                .map(size -> String.format(Locale.ROOT, "%,d", size))
                .collect(Collectors.joining(" | "))
            + " |\n|---|---|"
            + "--:|".repeat(SIZES.size())
            + "\n";
    String rows =
        Stream.of(Shown.values()).map(GateErrorRatesTest::rows).collect(Collectors.joining());

    Files.writeString(
        PAGE,
        page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
            + head
            + rows
            + page.substring(page.indexOf(END)));
  }

  private static String rows(Shown shown) {
    return SimulatedGate.KINDS.stream()
        .map(
            kind ->
                "| %s | %s | %s |\n"
                    .formatted(
                        shown.words(),
                        kind.name(),
                        SIZES.stream()
                            .map(size -> wrong(kind, shown, size))
                            .collect(Collectors.joining(" | "))))
        .collect(Collectors.joining());
  }

  /** Share of wrong verdicts: a good candidate that does not pass, or another one that does. */
  private static String wrong(Kind kind, Shown shown, int size) {
    double passes = new SimulatedGate(SEED).passes(kind, shown, size, 1_000);
    return String.format(Locale.ROOT, "%.1f %%", 100 * (kind.isGood() ? 1 - passes : passes));
  }
}
