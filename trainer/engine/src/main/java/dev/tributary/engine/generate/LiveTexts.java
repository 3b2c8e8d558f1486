package dev.tributary.engine.generate;

import dev.tributary.engine.model.Adaptation;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts in the cache, by slot. Slots have no gaps, and those of one adapter stand together, so
 * that each adapter is applied once a pass; so texts sometimes move. For one thread.
 */
final class LiveTexts {

  private final KeyValueCache cache;
  private final List<TextInProgress> texts = new ArrayList<>();

  LiveTexts(KeyValueCache cache) {
    this.cache = cache;
  }

  int size() {
    return texts.size();
  }

  TextInProgress get(int slot) {
    return texts.get(slot);
  }

  /** Most tokens that any of them can come to have. */
  int maxLength() {
    int longest = 0;
    for (TextInProgress text : texts) {
      longest = Math.max(longest, text.maxLength());
    }
    return longest;
  }

  void clear() {
    texts.clear();
  }

  /**
   * Gives a new text a slot behind the others of its adapter; the cache must have room for one
   * more. Texts after it move, each group's first to the group's end.
   */
  void add(TextInProgress text) {
    int slot = endOfGroup(text.adaptation());
    texts.add(text);
    int hole = texts.size() - 1;
    while (hole > slot) {
      int first = startOfGroup(hole - 1);
      move(first, hole);
      hole = first;
    }
    texts.set(hole, text);
  }

  /** Takes a text out; others close the gap, each group's last moving to the group's start. */
  void remove(int slot) {
    int hole = slot;
    Adaptation group = texts.get(slot).adaptation();
    while (hole < texts.size()) {
      int last = hole;
      while (last + 1 < texts.size() && texts.get(last + 1).adaptation() == group) {
        last++;
      }
      if (last > hole) {
        move(last, hole);
        hole = last;
      }
      if (hole + 1 == texts.size()) {
        break;
      }
      group = texts.get(hole + 1).adaptation();
    }
    texts.removeLast();
  }

  int slotOf(TextInProgress text) {
    return texts.indexOf(text);
  }

  private void move(int from, int to) {
    TextInProgress text = texts.get(from);
    cache.copy(from, to, text.cached());
    texts.set(to, text);
  }

  private int endOfGroup(Adaptation adaptation) {
    for (int slot = texts.size(); slot > 0; slot--) {
      if (texts.get(slot - 1).adaptation() == adaptation) {
        return slot;
      }
    }
    return texts.size();
  }

  private int startOfGroup(int slot) {
    int start = slot;
    while (start > 0 && texts.get(start - 1).adaptation() == texts.get(slot).adaptation()) {
      start--;
    }
    return start;
  }
}
