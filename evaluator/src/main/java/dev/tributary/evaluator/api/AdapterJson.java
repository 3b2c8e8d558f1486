package dev.tributary.evaluator.api;

import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.ToldAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The registry as JSON. Numbers that do not exist, such as the mean of no records, are null. */
final class AdapterJson {

  private AdapterJson() {}

  /** An adapter in a list: without its versions. */
  static Map<String, Object> summary(AdapterVersions adapter) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", adapter.adapter().dotted());
    json.put("object", "adapter");
    json.put("adapter", adapter.adapter().toString());
    json.put("active", adapter.active().map(ReleaseLine::name).orElse(null));
    json.put("active_version", adapter.active().map(ReleaseLine::version).orElse(null));
    json.put("newest", adapter.newest().map(AdapterJson::version).orElse(null));
    json.put("versions", adapter.all().size());
    return json;
  }

  /** An adapter with all its versions, newest first. */
  static Map<String, Object> full(AdapterVersions adapter) {
    Map<String, Object> json = summary(adapter);
    json.remove("newest");
    json.put(
        "versions",
        List.copyOf(adapter.all()).reversed().stream().map(AdapterJson::version).toList());
    return json;
  }

  static Map<String, Object> version(ReleaseLine line) {
    AdapterRelease release = line.release();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", line.name());
    json.put("object", "adapter.version");
    json.put("version", line.version());
    json.put("state", lower(line.state()));
    json.put("verdict", lower(line.verdict()));
    json.put("reasons", release.getReasons());
    json.put("reference_version", release.getReferenceVersion());
    json.put("slices", release.getSlices().stream().map(AdapterJson::slice).toList());
    json.put("told", release.getTold().stream().map(AdapterJson::told).toList());
    json.put("not_learnt", release.getNotLearnt());
    json.put("position", position(release.getPosition()));
    json.put("content_hash", release.getContentHash());
    json.put("path", release.getPath());
    json.put("base_model", release.getBaseModel());
    json.put("step", release.getStep());
    json.put("new_examples", release.getNewExamples());
    json.put("replay_ratio", number(release.getReplayRatio()));
    json.put("train_loss", number(release.getTrainLoss()));
    json.put("oldest_ingest_time", release.getOldestIngestTime().toString());
    json.put("newest_ingest_time", release.getNewestIngestTime().toString());
    json.put("candidate_time", release.getCandidateTime().toString());
    json.put("actor", release.getActor());
    json.put("reason", release.getReason());
    json.put("event_time", release.getEventTime().toString());
    return json;
  }

  /** A line of the history: who did what, when and why. */
  static Map<String, Object> event(ReleaseLine line) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("object", "adapter.event");
    json.put("version", line.version());
    json.put("name", line.name());
    json.put("state", lower(line.state()));
    json.put("verdict", lower(line.verdict()));
    json.put("actor", line.release().getActor());
    json.put("reason", line.release().getReason());
    json.put("event_time", line.release().getEventTime().toString());
    return json;
  }

  private static Map<String, Object> slice(SliceResult slice) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("slice", slice.getSlice());
    json.put("role", lower(slice.getRole()));
    json.put("evidence", lower(slice.getEvidence()));
    json.put("records", slice.getRecords());
    json.put("passed", slice.getPassed());
    json.put("reason", slice.getReason());
    json.put("delta", number(slice.getDelta()));
    json.put("ci_low", number(slice.getCiLow()));
    json.put("ci_high", number(slice.getCiHigh()));
    json.put("answers", slice.getAnswers());
    json.put("answers_gained", slice.getAnswersGained());
    json.put("answers_lost", slice.getAnswersLost());
    json.put("base", scores(slice.getLossBase(), slice.getExactMatchBase(), slice.getF1Base()));
    json.put(
        "reference",
        scores(slice.getLossReference(), slice.getExactMatchReference(), slice.getF1Reference()));
    json.put(
        "candidate",
        scores(slice.getLossCandidate(), slice.getExactMatchCandidate(), slice.getF1Candidate()));
    return json;
  }

  private static Map<String, Object> told(ToldAnswer told) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("record_id", told.getRecordId());
    json.put("question", told.getQuestion());
    json.put("wanted", told.getWanted());
    json.put("before", told.getBefore());
    json.put("after", told.getAfter());
    return json;
  }

  private static Map<String, Object> position(PartitionOffset position) {
    if (position == null) {
      return null;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("topic", position.getTopic());
    json.put("partition", position.getPartition());
    json.put("offset", position.getOffset());
    return json;
  }

  private static Map<String, Object> scores(double loss, double exactMatch, double f1) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("loss", number(loss));
    json.put("perplexity", number(Math.exp(loss)));
    json.put("exact_match", number(exactMatch));
    json.put("f1", number(f1));
    return json;
  }

  private static Double number(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
