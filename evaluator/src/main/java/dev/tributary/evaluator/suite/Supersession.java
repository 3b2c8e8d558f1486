package dev.tributary.evaluator.suite;

import dev.tributary.schemas.fact.Wordings;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what does not hold any more. A newer trusted answer replaces older ones to the same
 * question and under the same fact key. A trusted correction replaces them in the fact's other
 * wordings too: older records that {@link Wordings} links to the corrected question and whose
 * answer is the one that was corrected, or an older one to that very question. A function of the
 * set of statements: the order in which they were read does not matter.
 */
final class Supersession {

  private final Map<String, List<Statement>> byAnswer;
  private final Map<String, List<Statement>> byQuestion;
  private final Map<String, Set<String>> corrected = new HashMap<>();
  private final Set<Statement> superseded = Collections.newSetFromMap(new IdentityHashMap<>());

  private Supersession(Collection<Statement> statements) {
    byAnswer = statements.stream().collect(Collectors.groupingBy(Statement::answer));
    byQuestion = statements.stream().collect(Collectors.groupingBy(Statement::question));
  }

  /**
   * @param statements all that are known, superseded ones too: they tell what was answered before
   * @param facts learnt from all of them
   */
  static Set<Statement> of(Collection<Statement> statements, FactBook facts) {
    Supersession supersession = new Supersession(statements);
    statements.stream()
        .filter(statement -> !facts.holds(statement))
        .forEach(supersession.superseded::add);
    List<Statement> corrections =
        statements.stream()
            .filter(Statement::isTrusted)
            .filter(statement -> statement.correctedAnswer().isPresent())
            .sorted(Comparator.comparing(Statement::moment).reversed())
            .toList();
    if (!corrections.isEmpty()) {
      Wordings wordings = new Wordings(supersession.byQuestion.keySet());
      corrections.forEach(correction -> supersession.apply(correction, wordings));
    }
    return supersession.superseded;
  }

  private void apply(Statement correction, Wordings wordings) {
    for (String old : oldAnswers(correction)) {
      Set<String> done = corrected.computeIfAbsent(old, answer -> new HashSet<>());
      if (!done.add(correction.question())) {
        continue; // A newer correction has reached this wording, and so all that this one reaches.
      }
      List<Statement> candidates =
          byAnswer.getOrDefault(old, List.of()).stream()
              .filter(statement -> statement.moment().isBefore(correction.moment()))
              .toList();
      List<String> questions = candidates.stream().map(Statement::question).toList();
      wordings
          .of(correction.question(), old, questions)
          .forEach(
              linked -> {
                superseded.add(candidates.get(linked));
                done.add(questions.get(linked));
              });
    }
  }

  private Set<String> oldAnswers(Statement correction) {
    return Stream.concat(
            correction.correctedAnswer().stream(),
            byQuestion.get(correction.question()).stream()
                .filter(statement -> statement.moment().isBefore(correction.moment()))
                .map(Statement::answer))
        .filter(answer -> !answer.equals(correction.answer()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
