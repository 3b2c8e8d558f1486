package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.generate.FinishReason;
import dev.tributary.platform.http.ClientGoneException;

/** Where an answer goes while it is read. */
interface AnswerSink {

  /** Keeps nothing: for answers sent whole. */
  AnswerSink NONE =
      new AnswerSink() {
        @Override
        public void text(int choice, String text) {}

        @Override
        public void choiceDone(int choice, FinishReason reason) {}

        @Override
        public void idle() {}
      };

  void text(int choice, String text) throws ClientGoneException;

  void choiceDone(int choice, FinishReason reason) throws ClientGoneException;

  /** Nothing has happened for a while: a chance to notice that the client is gone. */
  void idle() throws ClientGoneException;
}
