package dev.tributary.evaluator.score;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.evaluator.suite.SuiteRecord;

/** A record of a suite and its tokens. */
record EncodedRecord(SuiteRecord record, TokenizedExample tokens) {

  String id() {
    return record.id();
  }
}
