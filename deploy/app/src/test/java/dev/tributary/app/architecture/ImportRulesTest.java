package dev.tributary.app.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.InstantSource;

/** Dependencies point one way: the design's layout, held by the build. */
@AnalyzeClasses(packages = "dev.tributary", importOptions = ImportOption.DoNotIncludeTests.class)
class ImportRulesTest {

  @ArchTest
  static final ArchRule dependenciesPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("foundation")
          .definedBy("dev.tributary.foundation..")
          .layer("schemas")
          .definedBy("dev.tributary.schemas..")
          .layer("platform")
          .definedBy("dev.tributary.platform..")
          .layer("engine")
          .definedBy("dev.tributary.engine..")
          .layer("ingest")
          .definedBy("dev.tributary.ingest..")
          .layer("trainer")
          .definedBy("dev.tributary.trainer..")
          .layer("evaluator")
          .definedBy("dev.tributary.evaluator..")
          .layer("app")
          .definedBy("dev.tributary.app..")
          .whereLayer("foundation")
          .mayNotAccessAnyLayer()
          .whereLayer("schemas")
          .mayOnlyAccessLayers("foundation")
          .whereLayer("platform")
          .mayOnlyAccessLayers("foundation")
          .whereLayer("engine")
          .mayOnlyAccessLayers("foundation")
          .whereLayer("ingest")
          .mayOnlyAccessLayers("foundation", "schemas", "platform")
          .whereLayer("trainer")
          .mayOnlyAccessLayers("foundation", "schemas", "platform", "engine")
          .whereLayer("evaluator")
          .mayOnlyAccessLayers("foundation", "schemas", "platform", "engine")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule theEngineKnowsNoKafkaNoMetricsAndNoHttp =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..", "org.apache.avro..", "io.micrometer..", "org.eclipse.jetty..");

  @ArchTest
  static final ArchRule theEngineKnowsNoClock =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.engine..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(InstantSource.class)
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule onlyTheBrokersOwnProcessContainsABroker =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.tributary.broker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("kafka..");

  @ArchTest
  static final ArchRule aBaseModelDoesNotKnowWhatAdaptsIt =
      noClasses()
          .that()
          .resideInAPackage("dev.tributary.engine.model..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.tributary.engine.peft..");

  @ArchTest
  static final ArchRule theRuntimeDoesNotKnowTheCommandLine =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.tributary.app.runtime..",
              "dev.tributary.app.records..",
              "dev.tributary.app.tune..",
              "dev.tributary.app.doctor..",
              "dev.tributary.app.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.tributary.app.cli..", "dev.tributary.app.demo..");
}
