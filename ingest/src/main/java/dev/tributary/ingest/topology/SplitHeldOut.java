package dev.tributary.ingest.topology;

import dev.tributary.ingest.topology.example.Claim;
import dev.tributary.ingest.topology.state.AnswerWordings;
import dev.tributary.ingest.topology.state.JoinStores;
import dev.tributary.ingest.topology.state.QuestionSide;
import dev.tributary.ingest.topology.state.Recent;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.topics.Topics;
import java.time.Clock;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Decides which examples are measured on and never trained on. No answer is only measured: what
 * came as feedback is always trained on, and a direct record is held out only where {@value
 * #TEACHERS} other questions already teach its answer, its question's hash lies below the share,
 * and not more than the share of the answer's questions is held out so far.
 *
 * <p>A question stays on the side it first went to. The one way back: a held-out question that gets
 * an answer too few others teach, or a correction, is trained on from then on.
 *
 * <p>A function of the order of its input, which one partition of the repartition topic fixes for
 * each adapter.
 */
final class SplitHeldOut extends ContextualProcessor<String, TrainingExample, String, Placed> {

  /** How many other questions must teach an answer before one is kept out. */
  static final int TEACHERS = 8;

  private final double share;
  private final Clock clock;
  private Recent<QuestionSide> sides;
  private Recent<AnswerWordings> answers;

  /**
   * @param share of an answer's questions to hold out, 0 to 1
   */
  SplitHeldOut(double share, Clock clock) {
    this.share = share;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<String, Placed> context) {
    super.init(context);
    sides = new Recent<>(context.getStateStore(JoinStores.SIDES));
    answers = new Recent<>(context.getStateStore(JoinStores.ANSWERS));
  }

  @Override
  public void process(Record<String, TrainingExample> record) {
    TrainingExample example = record.value();
    boolean heldOut = example.getKind() == ExampleKind.SUPERVISED && place(example);
    context().forward(record.withValue(new Placed(example, heldOut)));
  }

  private boolean place(TrainingExample example) {
    Claim claim = Claim.of(example);
    Optional<QuestionSide> side = sides.find(claim.questionKey());
    AnswerWordings wordings =
        answers.find(claim.answerKey()).orElseGet(() -> new AnswerWordings(0L, 0L));
    boolean heldOut = isInstruction(example) && mayHoldOut(claim, side, wordings);
    boolean known =
        side.filter(s -> s.getHeldOut() == heldOut && s.getAnswer().equals(claim.answer()))
            .isPresent();
    if (!known) {
      answers.replace(
          claim.answerKey(),
          new AnswerWordings(
              wordings.getTrained() + (heldOut ? 0 : 1), wordings.getHeldOut() + (heldOut ? 1 : 0)),
          clock.instant());
    }
    sides.replace(claim.questionKey(), new QuestionSide(heldOut, claim.answer()), clock.instant());
    return heldOut;
  }

  private boolean mayHoldOut(Claim claim, Optional<QuestionSide> side, AnswerWordings wordings) {
    if (wordings.getTrained() < TEACHERS) {
      return false;
    }
    return side.map(QuestionSide::getHeldOut)
        .orElseGet(() -> claim.position() < share && isBelowShare(wordings));
  }

  private boolean isBelowShare(AnswerWordings wordings) {
    return wordings.getHeldOut() <= share * (wordings.getTrained() + wordings.getHeldOut());
  }

  private static boolean isInstruction(TrainingExample example) {
    return example.getOrigin().getTopic().equals(Topics.INSTRUCTIONS.name());
  }
}
