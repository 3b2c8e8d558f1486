package dev.tributary.schemas.registry;

import org.apache.avro.Schema;

/**
 * Names registry subjects after the record they hold (Confluent's RecordNameStrategy): one history
 * a contract, also where two topics share it.
 */
public final class Subjects {

  private Subjects() {}

  /** The subject a record schema belongs to, such as {@code dev.tributary.schemas.Feedback}. */
  public static String of(Schema schema) {
    return schema.getFullName();
  }
}
