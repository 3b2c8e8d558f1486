package dev.tributary.evaluator.score;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.evaluator.suite.HeldOutRecord;

/** A held-out record and its tokens. */
record EncodedRecord(HeldOutRecord record, TokenizedExample tokens) {

  String id() {
    return record.id();
  }
}
