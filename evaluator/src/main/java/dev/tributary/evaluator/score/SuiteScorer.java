package dev.tributary.evaluator.score;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.suite.HeldOutRecord;
import dev.tributary.evaluator.suite.SlicePart;
import dev.tributary.schemas.SliceRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores the models of a comparison on the parts of a suite. Scores are remembered by model and
 * record, so that the base and the current release cost only the records that are new. One thread;
 * memory is planned once.
 */
public final class SuiteScorer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SuiteScorer.class);

  private final Scorer scorer;
  private final Generator generator;
  private final RecordEncoder encoder;
  private final LossScorer losses;
  private final AnswerScorer answers;

  private SuiteScorer(
      Scorer scorer,
      Generator generator,
      RecordEncoder encoder,
      LossScorer losses,
      AnswerScorer answers) {
    this.scorer = scorer;
    this.generator = generator;
    this.encoder = encoder;
    this.losses = losses;
    this.answers = answers;
  }

  /**
   * @param seed of the choice of records to answer
   */
  public static SuiteScorer create(BaseModel model, ScoringConfig config, long seed) {
    int context = model.config().contextLength();
    Tokenizer tokenizer = Tokenizer.load(model.directory());
    ChatTemplate template = ChatTemplate.load(model.directory());
    RecordEncoder encoder =
        new RecordEncoder(new ExampleEncoder(tokenizer, template, context), tokenizer);
    int batchTokens = Math.max(config.maxTokensPerBatch(), context);
    Scorer scorer = new Scorer(model, batchTokens);
    Generator generator = new Generator(model, context);
    return new SuiteScorer(
        scorer,
        generator,
        encoder,
        new LossScorer(scorer, batchTokens, new ScoreCache<>(config.cachedScores())),
        new AnswerScorer(
            generator, tokenizer, encoder, config, new ScoreCache<>(config.cachedScores()), seed));
  }

  /**
   * Scores all models on all parts.
   *
   * @param best empty when it is the reference or not asked for; scored on retained parts only, and
   *     without answers
   */
  public List<SliceScores> score(
      List<SlicePart> parts,
      ScoredModel reference,
      ScoredModel candidate,
      Optional<ScoredModel> best) {
    List<SliceScores> scores = new ArrayList<>();
    for (SlicePart part : parts) {
      List<EncodedRecord> records = encode(part.records());
      if (records.size() < part.records().size()) {
        LOG.warn(
            "slice {}: {} held-out records have nothing to score within the context of {} tokens",
            part.slice(),
            part.records().size() - records.size(),
            encoder.contextLength());
      }
      if (records.isEmpty() && part.role() == SliceRole.RETAINED) {
        continue;
      }
      scores.add(
          new SliceScores(
              part.slice(),
              part.role(),
              scores(ScoredModel.BASE, records),
              scores(reference, records),
              scores(candidate, records),
              best.filter(model -> part.role() == SliceRole.RETAINED)
                  .map(
                      model ->
                          new ModelScores(losses.losses(model, records), AnswerQuality.NONE))));
    }
    return scores;
  }

  /**
   * Mean loss of a model over all records of the retained parts; not a number when there are none.
   */
  public double retainedLoss(List<SlicePart> parts, ScoredModel model) {
    List<EncodedRecord> records =
        parts.stream()
            .filter(part -> part.role() == SliceRole.RETAINED)
            .flatMap(part -> encode(part.records()).stream())
            .toList();
    return new ModelScores(losses.losses(model, records), AnswerQuality.NONE).meanLoss();
  }

  private ModelScores scores(ScoredModel model, List<EncodedRecord> records) {
    return new ModelScores(losses.losses(model, records), answers.quality(model, records));
  }

  private List<EncodedRecord> encode(List<HeldOutRecord> records) {
    return records.stream()
        .flatMap(
            record ->
                encoder.encode(record).map(tokens -> new EncodedRecord(record, tokens)).stream())
        .toList();
  }

  @Override
  public void close() {
    scorer.close();
    generator.close();
  }
}
