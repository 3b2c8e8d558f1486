package dev.tributary.evaluator.serve.generate;

import dev.tributary.evaluator.serve.generate.TextGenerator.Draw;
import dev.tributary.evaluator.serve.generate.TextGenerator.Ending;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One answer being made: its choices one after the other, each cut at its stop strings. On the
 * generator's thread.
 */
final class AnswerInProgress implements TextGenerator.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerInProgress.class);

  private final AnswerTask task;
  private final PendingAnswer answer;
  private final TextGenerator generator;
  private final Consumer<AnswerInProgress> onEnd;
  private final long startNanos = System.nanoTime();
  private int choice;
  private StopMatcher matcher;

  /**
   * @param onEnd is told once, when the answer is complete, cancelled or failed
   */
  AnswerInProgress(
      AnswerTask task,
      PendingAnswer answer,
      TextGenerator generator,
      Consumer<AnswerInProgress> onEnd) {
    this.task = task;
    this.answer = answer;
    this.generator = generator;
    this.onEnd = onEnd;
  }

  /** Begins the first choice. */
  void begin() {
    beginChoice();
  }

  PendingAnswer answer() {
    return answer;
  }

  /** Time since the answer was begun. */
  long nanos() {
    return System.nanoTime() - startNanos;
  }

  private void beginChoice() {
    matcher = new StopMatcher(task.stops());
    Draw draw = new Draw(task.maxTokens(), task.temperature(), task.topP(), task.seedOf(choice));
    try {
      generator.begin(task.adapter(), task.promptOf(choice), draw, this);
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  @Override
  public boolean text(String piece) {
    putText(matcher.push(piece));
    return !matcher.matched() && !answer.isCancelled();
  }

  @Override
  public void ended(Ending ending) {
    if (!matcher.matched()) {
      putText(matcher.finish());
    }
    FinishReason reason = matcher.matched() ? FinishReason.STOP : ending.reason();
    answer.put(new AnswerEvent.ChoiceDone(choice, reason, ending.tokens()));
    choice++;
    if (answer.isCancelled()) {
      onEnd.accept(this);
    } else if (choice < task.choices()) {
      beginChoice();
    } else {
      answer.put(new AnswerEvent.Done());
      onEnd.accept(this);
    }
  }

  @Override
  public void failed(RuntimeException cause) {
    LOG.error("generation failed: {}", cause.getMessage(), cause);
    answer.put(new AnswerEvent.Failed(cause));
    onEnd.accept(this);
  }

  private void putText(String text) {
    if (!text.isEmpty()) {
      answer.put(new AnswerEvent.Text(choice, text));
    }
  }
}
