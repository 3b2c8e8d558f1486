package dev.tributary.evaluator.suite;

import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.fact.Answer;
import dev.tributary.schemas.fact.Question;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A record as something that was said: its question and answer in the form in which they are
 * compared. Compared by identity; immutable.
 */
final class Statement {

  private final SuiteRecord record;
  private final Moment moment;
  private final String question;
  private final String answer;

  private Statement(SuiteRecord record, Moment moment, String question, String answer) {
    this.record = record;
    this.moment = moment;
    this.question = question;
    this.answer = answer;
  }

  /**
   * @param record with a completion
   * @param told whether it is trained on
   */
  static Statement of(SuiteRecord record, boolean told) {
    TrainingExample example = record.example();
    return new Statement(
        record,
        new Moment(example.getEventTime(), told, record.offset()),
        Question.of(example),
        Answer.fold(example.getCompletion()));
  }

  SuiteRecord record() {
    return record;
  }

  Moment moment() {
    return moment;
  }

  String question() {
    return question;
  }

  String answer() {
    return answer;
  }

  boolean isTrusted() {
    return record.example().getTrust() == Trust.TRUSTED;
  }

  /** Of a correction, the answer that was given, where that was another one. */
  Optional<String> correctedAnswer() {
    TrainingExample example = record.example();
    return example.getKind() == ExampleKind.SUPERVISED
        ? Optional.ofNullable(example.getRejected())
            .map(Answer::fold)
            .filter(given -> !given.equals(answer))
        : Optional.empty();
  }

  /** Names under which a newer, different answer takes the place of an older one. */
  List<String> keys() {
    String factKey = record.example().getFactKey();
    return Stream.concat(
            Stream.of("question " + question),
            factKey == null ? Stream.empty() : Stream.of("fact " + factKey))
        .toList();
  }
}
