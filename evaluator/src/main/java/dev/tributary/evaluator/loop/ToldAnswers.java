package dev.tributary.evaluator.loop;

import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.ToldAnswer;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.fact.Answer;
import dev.tributary.schemas.fact.Question;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Answers before and after to what a candidate was told, for people to read. */
final class ToldAnswers {

  private static final int SHOWN = 20;

  private final List<Told> told;

  private ToldAnswers(List<Told> told) {
    this.told = told;
  }

  /** Of the fresh told records that were answered. */
  static ToldAnswers of(List<SliceScores> scores) {
    List<Told> told = new ArrayList<>();
    for (SliceScores slice : scores) {
      if (slice.role() == SliceRole.FRESH && slice.evidence() == Evidence.TOLD) {
        for (int i = 0; i < slice.answered().size(); i++) {
          told.add(
              new Told(
                  slice.answered().get(i).example(),
                  slice.answered().get(i).offset(),
                  slice.reference().answers().get(i).text(),
                  slice.candidate().answers().get(i).text()));
        }
      }
    }
    return new ToldAnswers(told);
  }

  /** What the reference answered, by record id. */
  Map<String, String> before() {
    return told.stream()
        .collect(Collectors.toMap(each -> each.example().getExampleId(), Told::before));
  }

  /** Those that changed first, the newest of them first; at most 20. */
  List<ToldAnswer> shown() {
    return told.stream()
        .sorted(
            Comparator.comparing(Told::isUnchanged)
                .thenComparing(Told::offset, Comparator.reverseOrder()))
        .limit(SHOWN)
        .map(Told::toRecord)
        .toList();
  }

  private record Told(TrainingExample example, long offset, String before, String after) {

    boolean isUnchanged() {
      return Answer.same(before, after);
    }

    ToldAnswer toRecord() {
      return ToldAnswer.newBuilder()
          .setRecordId(example.getOrigin().getRecordId())
          .setQuestion(Question.asAsked(example))
          .setWanted(example.getCompletion())
          .setBefore(before.strip())
          .setAfter(after.strip())
          .build();
    }
  }
}
