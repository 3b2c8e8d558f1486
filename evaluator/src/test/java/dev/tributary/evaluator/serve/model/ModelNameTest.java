package dev.tributary.evaluator.serve.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.foundation.AdapterId;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

  private static final AdapterId SUPPORT = new AdapterId("shop", "support");

  @Test
  void readsAliasesAndVersions() {
    assertEquals(
        Optional.of(new ModelName(SUPPORT, OptionalInt.empty())), ModelName.parse("shop.support"));
    assertEquals(
        Optional.of(new ModelName(SUPPORT, OptionalInt.of(17))),
        ModelName.parse("shop.support@v17"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "gpt-4",
        "shop/support",
        "Shop.support",
        "shop.support.more",
        "shop.",
        ".support",
        "../x",
        "shop.support@",
        "shop.support@17",
        "shop.support@v",
        "shop.support@v0",
        "shop.support@v01",
        "shop.support@v-1",
        "shop.support@v9999999999",
        "shop.support@v1@v2",
        "shop.support@v1 ",
        "é.x",
      })
  void knowsNoOtherForm(String text) {
    assertEquals(Optional.empty(), ModelName.parse(text));
  }
}
