package dev.tributary.evaluator.suite;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.fact.Answer;
import dev.tributary.schemas.fact.Wordings;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The base model's own questions and answers as records of a suite, without those that told records
 * have made outdated: the very question was told, or another wording of it is told another answer
 * now. Where it is not known what was answered to the told question before, shared words decide
 * alone: rather one question less than a candidate refused for having learnt. Immutable.
 */
public final class Recall {

  private final List<Statement> own;

  private Recall(List<Statement> own) {
    this.own = own;
  }

  /** The pairs as records of an adapter. */
  public static Recall of(List<BaseKnowledge.OwnAnswer> pairs, String adapter) {
    return new Recall(
        pairs.stream()
            .filter(pair -> !pair.question().isBlank() && !pair.answer().isBlank())
            .map(pair -> Statement.of(record(pair, adapter), false))
            .toList());
  }

  /**
   * The records that still hold.
   *
   * @param told records that are told; those that are not trusted make nothing outdated
   * @param formerAnswers what was answered before to told records, by record id, as far as known
   */
  public List<SuiteRecord> without(
      Collection<SuiteRecord> told, Map<String, String> formerAnswers) {
    List<Statement> statements =
        told.stream()
            .filter(record -> record.example().getTrust() == Trust.TRUSTED)
            .map(record -> Statement.of(record, true))
            .toList();
    Set<String> toldQuestions =
        statements.stream().map(Statement::question).collect(Collectors.toSet());
    Set<String> questions = new HashSet<>(toldQuestions);
    own.forEach(statement -> questions.add(statement.question()));
    Wordings wordings = new Wordings(questions);
    return own.stream()
        .filter(statement -> !toldQuestions.contains(statement.question()))
        .filter(
            statement ->
                statements.stream()
                    .filter(other -> contradicts(other, statement, formerAnswers))
                    .allMatch(
                        other ->
                            wordings
                                .of(
                                    other.question(),
                                    statement.answer(),
                                    List.of(statement.question()))
                                .isEmpty()))
        .map(Statement::record)
        .toList();
  }

  /** Whether a told record may have changed this answer, going by answers alone. */
  private static boolean contradicts(
      Statement told, Statement own, Map<String, String> formerAnswers) {
    if (told.answer().equals(own.answer())) {
      return false;
    }
    Set<String> former =
        Stream.of(told.record().example().getRejected(), formerAnswers.get(told.record().id()))
            .filter(Objects::nonNull)
            .map(Answer::fold)
            .collect(Collectors.toSet());
    return former.isEmpty() || former.contains(own.answer());
  }

  private static SuiteRecord record(BaseKnowledge.OwnAnswer pair, String adapter) {
    // The text itself is the id, so that what is remembered of it can never be another's.
    String id = "recall " + pair.question();
    return new SuiteRecord(
        TrainingExample.newBuilder()
            .setExampleId(id)
            .setAdapter(adapter)
            .setKind(ExampleKind.SUPERVISED)
            .setMessages(List.of(new ChatMessage("user", pair.question(), null)))
            .setCompletion(pair.answer())
            .setOrigin(Origin.newBuilder().setTopic("recall").setRecordId(id).build())
            .setEventTime(Instant.EPOCH)
            .setIngestTime(Instant.EPOCH)
            .build(),
        -1,
        0);
  }
}
