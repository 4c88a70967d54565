// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses SUMI = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.github.sumi");

    @Test
    void arrowsPointDown() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("plugin").definedBy("..plugin..").layer("cli").definedBy("..cli..").layer("imagej").definedBy("..imagej..")
            .layer("pipeline").definedBy("..pipeline..").layer("model").definedBy("..model..")
            .layer("schedule").definedBy("..schedule..")
            .whereLayer("plugin").mayNotBeAccessedByAnyLayer()
            .whereLayer("cli").mayNotBeAccessedByAnyLayer()
            .whereLayer("imagej").mayOnlyBeAccessedByLayers("plugin", "cli")
            .whereLayer("pipeline").mayOnlyBeAccessedByLayers("plugin", "cli", "imagej")
            .whereLayer("model").mayOnlyBeAccessedByLayers("plugin", "cli", "imagej", "pipeline").check(SUMI);
    }

    @Test
    void bridgeIsGeneric() {
        noClasses().that().resideInAPackage("io.github.sumi.bridge..")
            .should().dependOnClassesThat(resideInAPackage("io.github.sumi..").and(resideOutsideOfPackage("io.github.sumi.bridge..")))
            .check(SUMI);
        noClasses().that().resideOutsideOfPackage("io.github.sumi.bridge..")
            .should().dependOnClassesThat().resideInAPackage("io.github.sumi.bridge..").check(SUMI);
    }

    @Test
    void onlyModelKnowsOnnxRuntime() {
        noClasses().that().resideOutsideOfPackage("..model..")
            .should().dependOnClassesThat().resideInAPackage("ai.onnxruntime..").check(SUMI);
    }

    @Test
    void imagejStaysAbove() {
        noClasses().that().resideInAnyPackage("..schedule..", "..model..", "..pipeline..")
            .should().dependOnClassesThat().resideInAnyPackage("ij..", "org.scijava..").check(SUMI);
    }

    @Test
    void noContextOnTheCommandLine() {
        noClasses().that().resideInAPackage("..cli..")
            .should().dependOnClassesThat().resideInAPackage("org.scijava..").check(SUMI);
    }
}
