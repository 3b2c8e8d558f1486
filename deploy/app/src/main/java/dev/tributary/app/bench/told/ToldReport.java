package dev.tributary.app.bench.told;

import java.util.List;

/**
 * What the told bench measured, a result for each scene and seed.
 *
 * @param base name of the base model's directory
 * @param known questions the base answers rightly by itself, which must stay right
 * @param before the FAQs told before the other scenes: what those measure is worth little where
 *     they were not learnt
 * @param joint what joint training reaches on the same FAQs, every setting; empty if not asked for
 */
public record ToldReport(
    String date,
    String cpu,
    List<String> instructionSets,
    String base,
    int known,
    List<FaqScene.Result> faqs,
    List<FaqScene.Result> before,
    List<CorrectionScene.Result> corrections,
    List<TenScene.Result> tens,
    List<StrangerScene.Result> strangers,
    List<FloodScene.Result> floods,
    List<JointTraining.Result> joint) {}
