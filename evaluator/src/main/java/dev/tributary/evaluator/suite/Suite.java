package dev.tributary.evaluator.suite;

import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the candidates of one adapter are measured on: records that are held out, and records that
 * are told, both bounded. What a newer answer has replaced is left out, because a candidate must
 * not be punished for having learnt that a fact changed. Not thread safe.
 */
public final class Suite {

  /** Takes the records of slices beyond the limit. */
  public static final String OVERFLOW_SLICE = "(other)";

  private final Shelf heldOut;
  private final Shelf told;
  private final FactBook facts;
  private SuiteView viewOrNull;
  private int superseded;

  Suite(SuiteLimits limits) {
    this.heldOut = new Shelf(limits);
    this.told = new Shelf(limits);
    this.facts = new FactBook(limits.maxFacts());
  }

  /** Takes in a held-out record. */
  Arrival addHeldOut(SuiteRecord record) {
    if (!isScorable(record.example())) {
      return Arrival.UNSCORABLE;
    }
    return add(heldOut, Statement.of(record, false));
  }

  /**
   * Takes in a record that is trained on. One that does not tell an answer, such as a preference,
   * is not measured on, but what it says holds all the same.
   */
  Arrival addTold(SuiteRecord record) {
    if (!isScorable(record.example())) {
      return Arrival.UNSCORABLE;
    }
    Statement statement = Statement.of(record, true);
    if (record.example().getKind() != ExampleKind.SUPERVISED) {
      facts.learn(statement);
      viewOrNull = null;
      return Arrival.UNSCORABLE;
    }
    return add(told, statement);
  }

  private Arrival add(Shelf shelf, Statement statement) {
    facts.learn(statement);
    viewOrNull = null;
    if (!shelf.add(statement)) {
      return Arrival.DUPLICATE;
    }
    return facts.holds(statement) ? Arrival.ADDED : Arrival.SUPERSEDED;
  }

  private static boolean isScorable(TrainingExample example) {
    boolean wanted =
        example.getKind() != ExampleKind.BINARY || Boolean.TRUE.equals(example.getDesirable());
    return wanted && example.getCompletion() != null && !example.getCompletion().isBlank();
  }

  /** What holds now. */
  public SuiteView view() {
    if (viewOrNull == null) {
      List<Statement> all =
          Stream.of(heldOut, told).flatMap(shelf -> shelf.all().stream()).toList();
      Set<Statement> old = Supersession.of(all, facts);
      superseded = old.size();
      viewOrNull =
          new SuiteView(
              heldOut.records(statement -> !old.contains(statement)),
              told.records(statement -> !old.contains(statement)));
    }
    return viewOrNull;
  }

  /** Records kept that are not measured on because a newer answer is known. */
  public int superseded() {
    view();
    return superseded;
  }

  /** Records dropped to stay within the limit. */
  public long evicted() {
    return heldOut.evicted() + told.evicted();
  }
}
