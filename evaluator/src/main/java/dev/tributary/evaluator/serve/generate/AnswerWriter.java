package dev.tributary.evaluator.serve.generate;

import dev.tributary.evaluator.serve.generate.TextGenerator.Draw;
import dev.tributary.evaluator.serve.generate.TextGenerator.Ending;

/** Makes all choices of one answer with one generator, cutting each at its stop strings. */
final class AnswerWriter {

  private final TextGenerator generator;

  AnswerWriter(TextGenerator generator) {
    this.generator = generator;
  }

  /** Runs to the end, or until the answer is cancelled; then no further event is put. */
  void write(AnswerTask task, PendingAnswer answer) {
    for (int choice = 0; choice < task.choices(); choice++) {
      writeChoice(task, choice, answer);
      if (answer.isCancelled()) {
        return;
      }
    }
    answer.put(new AnswerEvent.Done());
  }

  private void writeChoice(AnswerTask task, int choice, PendingAnswer answer) {
    StopMatcher matcher = new StopMatcher(task.stops());
    Draw draw = new Draw(task.maxTokens(), task.temperature(), task.topP(), task.seedOf(choice));
    Ending ending =
        generator.generate(
            task.adapter(),
            task.promptOf(choice),
            draw,
            piece -> {
              putText(choice, matcher.push(piece), answer);
              return !matcher.matched() && !answer.isCancelled();
            });
    if (!matcher.matched()) {
      putText(choice, matcher.finish(), answer);
    }
    FinishReason reason = matcher.matched() ? FinishReason.STOP : ending.reason();
    answer.put(new AnswerEvent.ChoiceDone(choice, reason, ending.tokens()));
  }

  private static void putText(int choice, String text, PendingAnswer answer) {
    if (!text.isEmpty()) {
      answer.put(new AnswerEvent.Text(choice, text));
    }
  }
}
