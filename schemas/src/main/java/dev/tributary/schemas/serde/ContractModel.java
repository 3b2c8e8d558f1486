package dev.tributary.schemas.serde;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's data model for one contract: the generated classes named in its compiled-in schema, and no
 * others.
 *
 * <p>Since 1.12.2 Avro refuses to load classes from packages that the process does not trust by a
 * system property or a global hook. Deciding it here keeps that refusal for whatever a foreign
 * schema may name, and needs neither. The build gives the generated classes this model too, for
 * their builders copy records and fill in defaults with it.
 */
public final class ContractModel extends SpecificData {

  private final Map<String, Class<?>> classes = new HashMap<>();

  /**
   * @param contract a generated record; its class may still be initialising
   */
  public ContractModel(Class<? extends SpecificRecord> contract) {
    super(contract.getClassLoader());
    addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    collect(SpecificData.get().getSchema(contract), contract.getClassLoader());
  }

  @Override
  public Class<?> getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> classes.get(schema.getFullName());
      default -> super.getClass(schema);
    };
  }

  private void collect(Schema schema, ClassLoader loader) {
    switch (schema.getType()) {
      case RECORD -> {
        if (add(schema, loader)) {
          schema.getFields().forEach(field -> collect(field.schema(), loader));
        }
      }
      case ENUM, FIXED -> add(schema, loader);
      case ARRAY -> collect(schema.getElementType(), loader);
      case MAP -> collect(schema.getValueType(), loader);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, loader));
      default -> {}
    }
  }

  /** False if it was there: a record may contain itself. */
  private boolean add(Schema named, ClassLoader loader) {
    try {
      return classes.put(named.getFullName(), Class.forName(named.getFullName(), false, loader))
          == null;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("no class was generated for " + named.getFullName(), e);
    }
  }
}
