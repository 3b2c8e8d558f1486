package dev.tributary.evaluator.serve.model;

import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.AdapterId;

/** Is told what happens to the aliases. Calls must return soon. */
public interface ServingListener {

  /**
   * A version answers from now on.
   *
   * @param fresh false for versions that were active before the server started
   */
  void serving(ReleaseLine line, boolean fresh);

  /** The base model answers from now on, because no version is active any more. */
  void servingBase(AdapterId adapter);

  /** A version should answer and cannot. Told once for each attempt. */
  void failed(ReleaseLine line, String reason);
}
