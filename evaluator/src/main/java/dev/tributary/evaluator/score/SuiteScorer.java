package dev.tributary.evaluator.score;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.generate.BatchGenerator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.suite.SlicePart;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores the models of a comparison on the parts of a suite. Scores and answers are remembered by
 * model and record, so that the base and the current release cost only the records that are new.
 * One thread; memory is planned once.
 */
public final class SuiteScorer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SuiteScorer.class);
  private static final int ANSWERS_AT_ONCE = 16;

  private final Scorer scorer;
  private final BatchGenerator generator;
  private final RecordEncoder encoder;
  private final LossScorer losses;
  private final RecordSample sample;
  private final AnswerScorer answers;

  private SuiteScorer(
      Scorer scorer,
      BatchGenerator generator,
      RecordEncoder encoder,
      LossScorer losses,
      RecordSample sample,
      AnswerScorer answers) {
    this.scorer = scorer;
    this.generator = generator;
    this.encoder = encoder;
    this.losses = losses;
    this.sample = sample;
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
    BatchGenerator generator = new BatchGenerator(model, context, ANSWERS_AT_ONCE);
    return new SuiteScorer(
        scorer,
        generator,
        encoder,
        new LossScorer(scorer, batchTokens, new ScoreCache<>(config.cachedScores())),
        new RecordSample(config, seed),
        new AnswerScorer(
            generator,
            tokenizer,
            encoder,
            config.maxGeneratedTokens(),
            new ScoreCache<>(config.cachedScores())));
  }

  /**
   * Scores all models on all parts; where more is told than is scored, on a choice of it.
   *
   * @param best empty when it is the reference or not asked for; scored on retained parts only, not
   *     on the base's own questions, and without answers
   */
  public List<SliceScores> score(
      List<SlicePart> parts,
      ScoredModel reference,
      ScoredModel candidate,
      Optional<ScoredModel> best) {
    List<SlicePart> scored = sample.scored(parts);
    List<EncodedPart> encoded = scored.stream().map(this::encode).toList();
    Set<String> chosen = sample.answered(scored);
    Map<String, Answer> ofBase =
        answer(ScoredModel.BASE, encoded, chosen, part -> part.role() == SliceRole.FRESH);
    Map<String, Answer> ofReference = answer(reference, encoded, chosen, part -> true);
    Map<String, Answer> ofCandidate = answer(candidate, encoded, chosen, part -> true);
    List<SliceScores> scores = new ArrayList<>();
    for (EncodedPart each : encoded) {
      SlicePart part = each.part();
      List<EncodedRecord> records = each.records();
      if (records.isEmpty() && part.role() == SliceRole.RETAINED) {
        continue;
      }
      List<SuiteRecord> answered =
          records.stream()
              .map(EncodedRecord::record)
              .filter(record -> chosen.contains(record.id()))
              .toList();
      scores.add(
          new SliceScores(
              part.slice(),
              part.role(),
              part.evidence(),
              answered,
              scores(
                  ScoredModel.BASE,
                  records,
                  part.role() == SliceRole.FRESH ? answered : List.of(),
                  ofBase),
              scores(reference, records, answered, ofReference),
              scores(candidate, records, answered, ofCandidate),
              best.filter(model -> isRetainedTruth(part))
                  .map(model -> scores(model, records, List.of(), Map.of()))));
    }
    return scores;
  }

  /**
   * Mean loss of a model over what is scored of the retained parts but the base's own questions;
   * not a number when there are none.
   */
  public double retainedLoss(List<SlicePart> parts, ScoredModel model) {
    List<EncodedRecord> records =
        sample.scored(parts).stream()
            .filter(SuiteScorer::isRetainedTruth)
            .flatMap(part -> encode(part).records().stream())
            .toList();
    return scores(model, records, List.of(), Map.of()).meanLoss();
  }

  private static boolean isRetainedTruth(SlicePart part) {
    return part.role() == SliceRole.RETAINED && part.evidence() != Evidence.RECALL;
  }

  /** All parts in one go, so that batches are full. */
  private Map<String, Answer> answer(
      ScoredModel model,
      List<EncodedPart> parts,
      Set<String> chosen,
      Predicate<SlicePart> isAsked) {
    return answers.answers(
        model,
        parts.stream()
            .filter(part -> isAsked.test(part.part()))
            .flatMap(part -> part.records().stream())
            .filter(record -> chosen.contains(record.id()))
            .toList());
  }

  private ModelScores scores(
      ScoredModel model,
      List<EncodedRecord> records,
      List<SuiteRecord> answered,
      Map<String, Answer> byRecord) {
    return new ModelScores(
        losses.losses(model, records),
        answered.stream().map(record -> byRecord.get(record.id())).toList());
  }

  private EncodedPart encode(SlicePart part) {
    List<EncodedRecord> records =
        part.records().stream()
            .flatMap(
                record ->
                    encoder
                        .encode(record)
                        .map(tokens -> new EncodedRecord(record, tokens))
                        .stream())
            .toList();
    if (records.size() < part.records().size()) {
      LOG.warn(
          "slice {}: {} records have nothing to score within the context of {} tokens",
          part.slice(),
          part.records().size() - records.size(),
          encoder.contextLength());
    }
    return new EncodedPart(part, records);
  }

  @Override
  public void close() {
    scorer.close();
    generator.close();
  }
}
