package dev.tributary.evaluator.suite;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.fact.Answer;
import dev.tributary.schemas.fact.Wordings;
import dev.tributary.schemas.fact.Wordings.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The base model's own questions and answers as records of a suite, without those that told records
 * have made outdated: the very question was told, or nearly the same one with another answer, or
 * another wording of a question that had this answer before. The trainer's memory goes by the same
 * rules. Immutable.
 */
public final class Recall {

  /** The slice of the base model's own questions. */
  public static final String SLICE = "(what the base knew)";

  private static final String ORIGIN = "recall";

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
   * @param fresh told since the release the candidate is compared with
   * @param retained told before
   * @param formerAnswers what was answered before to fresh records, by record id, as far as known
   */
  public List<SuiteRecord> without(
      Collection<SuiteRecord> fresh,
      Collection<SuiteRecord> retained,
      Map<String, String> formerAnswers) {
    List<Statement> told = new ArrayList<>(trusted(retained));
    told.addAll(trusted(fresh));
    Set<String> toldQuestions = told.stream().map(Statement::question).collect(Collectors.toSet());
    Set<String> questions = new HashSet<>(toldQuestions);
    own.forEach(statement -> questions.add(statement.question()));
    Wordings wordings = new Wordings(questions);
    List<Words> toldWords =
        told.stream().map(statement -> wordings.words(statement.question())).toList();
    Set<String> replaced = replaced(told, formerAnswers, wordings);
    return own.stream()
        .filter(statement -> !toldQuestions.contains(statement.question()))
        .filter(statement -> !isContradicted(statement, told, toldWords, wordings))
        .filter(statement -> !replaced.contains(statement.question()))
        .map(Statement::record)
        .toList();
  }

  /** Whether nearly the same question was told another answer. */
  private static boolean isContradicted(
      Statement own, List<Statement> told, List<Words> toldWords, Wordings wordings) {
    Words asked = wordings.words(own.question());
    return IntStream.range(0, told.size())
        .filter(i -> !told.get(i).answer().equals(own.answer()))
        .anyMatch(i -> wordings.areAlike(toldWords.get(i), asked));
  }

  private static List<Statement> trusted(Collection<SuiteRecord> records) {
    return records.stream()
        .filter(record -> record.example().getTrust() == Trust.TRUSTED)
        .map(record -> Statement.of(record, true))
        .toList();
  }

  /**
   * Own questions whose answer told records have replaced: those that had the answer a correction
   * says is wrong, and those that are linked by words, through each other, to told questions which
   * had the same answer before.
   */
  private Set<String> replaced(
      List<Statement> told, Map<String, String> formerAnswers, Wordings wordings) {
    Set<String> replaced = new HashSet<>();
    Map<String, List<String>> ownByAnswer = new HashMap<>();
    own.forEach(
        statement ->
            ownByAnswer
                .computeIfAbsent(statement.answer(), answer -> new ArrayList<>())
                .add(statement.question()));
    ownByAnswer.forEach(
        (answer, questions) -> {
          List<Statement> replacing =
              told.stream().filter(other -> replaces(other, answer, formerAnswers)).toList();
          boolean isCorrected = replacing.stream().anyMatch(other -> corrects(other, answer));
          if (isCorrected && Wordings.isTelling(answer)) {
            replaced.addAll(questions);
          } else if (!replacing.isEmpty()) {
            List<String> all = new ArrayList<>(questions);
            replacing.forEach(other -> all.add(other.question()));
            replacing.forEach(
                other ->
                    wordings
                        .of(other.question(), answer, all)
                        .forEach(place -> replaced.add(all.get(place))));
          }
        });
    return replaced;
  }

  /** Whether the base's own answer is what was answered before to a told question. */
  private static boolean replaces(
      Statement told, String answer, Map<String, String> formerAnswers) {
    return !told.answer().equals(answer) && formerAnswers(told, formerAnswers).contains(answer);
  }

  private static boolean corrects(Statement told, String answer) {
    String rejected = told.record().example().getRejected();
    return rejected != null && Answer.fold(rejected).equals(answer);
  }

  private static Set<String> formerAnswers(Statement told, Map<String, String> formerAnswers) {
    return Stream.of(told.record().example().getRejected(), formerAnswers.get(told.record().id()))
        .filter(Objects::nonNull)
        .map(Answer::fold)
        .collect(Collectors.toSet());
  }

  /** Whether it is one of the base model's own, told again. */
  public static boolean isOwn(TrainingExample example) {
    return example.getOrigin().getTopic().equals(ORIGIN);
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
            .setSlice(SLICE)
            .setTrust(Trust.CORROBORATED) // it replaces nothing that anybody told
            .setOrigin(Origin.newBuilder().setTopic(ORIGIN).setRecordId(id).build())
            .setEventTime(Instant.EPOCH)
            .setIngestTime(Instant.EPOCH)
            .build(),
        -1,
        0);
  }
}
