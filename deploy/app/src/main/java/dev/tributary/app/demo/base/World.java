package dev.tributary.app.demo.base;

/**
 * A small text world that a base model can be made of: what is known in it, how people talk there,
 * and the recipe of the model. They share nothing but the program.
 */
public enum World {
  /** The demonstration's shop; its model is the committed one, a GPT-2. */
  SHOP("shop.yaml", "chatter.yaml", "You are the assistant of a shop.", BaseRecipe.standard()),

  /** A hut in the mountains; its model is a Llama, made where it is needed. */
  HUT("hut.yaml", "hut-chatter.yaml", "You keep the hut.", BaseRecipe.second());

  private final String book;
  private final String chatter;
  private final String system;
  private final BaseRecipe recipe;

  World(String book, String chatter, String system, BaseRecipe recipe) {
    this.book = book;
    this.chatter = chatter;
    this.system = system;
    this.recipe = recipe;
  }

  /** What is known. */
  Book book() {
    return Book.load(book);
  }

  /** The language around it. */
  Chatter chatter() {
    return Chatter.load(chatter);
  }

  /** What a conversation that has a system turn begins with. */
  String system() {
    return system;
  }

  BaseRecipe recipe() {
    return recipe;
  }
}
