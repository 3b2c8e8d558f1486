package dev.tributary.evaluator.suite;

import dev.tributary.evaluator.registry.GateMark;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.fact.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Divides a suite into what a candidate must be better at and what it must not have forgotten.
 *
 * <p>Held-out records of a slice the candidate was taught are fresh if they arrived after the
 * reference was gated, older ones retained; so a slice can play both roles, each with its own
 * records (an improvement on the new ones must not hide a loss on the old). In all other slices
 * every held-out record is retained: nobody can ask a candidate to be better at what it was not
 * taught.
 *
 * <p>Told records are fresh if the candidate has seen them and the reference has not. Those neither
 * has seen are fresh too, as {@link Evidence#UNSEEN}, if their answer is one the candidate was
 * taught since. What both have seen is retained, if it is trusted.
 */
public final class SuiteSplit {

  private SuiteSplit() {}

  /**
   * @param suite what holds now
   * @param reference mark of the release the candidate is compared with; {@link GateMark#NONE} for
   *     the base model
   * @param told what the candidate has seen and the reference has not
   * @param taught slices the candidate was taught; empty when unknown, then every slice with new
   *     records counts as taught
   */
  public static List<SlicePart> of(
      SuiteView suite, GateMark reference, ToldSince told, Set<String> taught) {
    List<SlicePart> parts = new ArrayList<>(heldOut(suite, reference, taught));
    parts.addAll(unseen(suite, told));
    parts.addAll(told(suite, SliceRole.FRESH, told::covers));
    parts.addAll(told(suite, SliceRole.RETAINED, told::isBefore));
    return parts;
  }

  /** Records that arrived after the candidate was cut and ask for what it was taught. */
  public static List<SlicePart> unseen(SuiteView suite, ToldSince told) {
    Set<String> taughtAnswers =
        suite.told().values().stream()
            .flatMap(List::stream)
            .filter(told::covers)
            .map(SuiteSplit::answer)
            .collect(Collectors.toSet());
    return parts(
        suite,
        SliceRole.FRESH,
        Evidence.UNSEEN,
        record -> told.isAfter(record) && taughtAnswers.contains(answer(record)));
  }

  /** Whether the candidate was taught by others than staff what the reference was not. */
  public static boolean isTaughtByOthers(SuiteView suite, ToldSince told) {
    return suite.told().values().stream()
        .flatMap(List::stream)
        .filter(told::covers)
        .anyMatch(record -> !isTrusted(record) && !Recall.isOwn(record.example()));
  }

  private static List<SlicePart> heldOut(SuiteView suite, GateMark reference, Set<String> taught) {
    List<SlicePart> parts = new ArrayList<>();
    Set<String> names = new TreeSet<>(suite.heldOut().keySet());
    names.addAll(taught);
    for (String name : names) {
      List<SuiteRecord> older = new ArrayList<>();
      List<SuiteRecord> newer = new ArrayList<>();
      for (SuiteRecord record : suite.heldOut().getOrDefault(name, List.of())) {
        (reference.covers(record.partition(), record.offset()) ? older : newer).add(record);
      }
      boolean isTaught = taught.isEmpty() ? !newer.isEmpty() : taught.contains(name);
      if (isTaught) {
        parts.add(new SlicePart(name, SliceRole.FRESH, Evidence.HELD_OUT, newer));
      } else {
        older.addAll(newer);
      }
      if (!older.isEmpty()) {
        parts.add(new SlicePart(name, SliceRole.RETAINED, Evidence.HELD_OUT, older));
      }
    }
    return parts;
  }

  private static List<SlicePart> told(
      SuiteView suite, SliceRole role, Predicate<SuiteRecord> condition) {
    return parts(suite, role, Evidence.TOLD, condition);
  }

  private static List<SlicePart> parts(
      SuiteView suite, SliceRole role, Evidence evidence, Predicate<SuiteRecord> condition) {
    List<SlicePart> parts = new ArrayList<>();
    suite
        .told()
        .forEach(
            (slice, records) -> {
              List<SuiteRecord> chosen =
                  records.stream().filter(SuiteSplit::isTrusted).filter(condition).toList();
              if (!chosen.isEmpty()) {
                parts.add(new SlicePart(slice, role, evidence, chosen));
              }
            });
    return parts;
  }

  /** What strangers agree on is taught, but it is no truth to judge by. */
  private static boolean isTrusted(SuiteRecord record) {
    return record.example().getTrust() == Trust.TRUSTED;
  }

  private static String answer(SuiteRecord record) {
    return Answer.fold(record.example().getCompletion());
  }
}
