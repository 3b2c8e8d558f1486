package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;

/** What is counted of each record when it is read for the first time. */
interface PartitionCounts {

  void truncated(AdapterId adapter);

  void skipped(AdapterId adapter, String reason);

  void deadLetter(String reason);
}
