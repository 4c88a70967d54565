// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import ij.IJ;
import java.awt.Window;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses SUMI = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/")).importPackages("io.github.sumi");

    @Test
    void arrowsPointDown() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("plugin").definedBy("..plugin..").layer("cli").definedBy("..cli..").layer("imagej").definedBy("..imagej..")
            .layer("pipeline").definedBy("..pipeline..").layer("model").definedBy("..model..")
            .layer("schedule").definedBy("..schedule..")
            // of a profile, in a jar of its own
            .optionalLayer("zarr").definedBy("..sumi.zarr..").optionalLayer("cluster").definedBy("..sumi.cluster..")
            .whereLayer("cluster").mayNotBeAccessedByAnyLayer()
            .whereLayer("zarr").mayOnlyBeAccessedByLayers("cluster")
            .whereLayer("plugin").mayNotBeAccessedByAnyLayer()
            .whereLayer("cli").mayNotBeAccessedByAnyLayer()
            .whereLayer("imagej").mayOnlyBeAccessedByLayers("plugin", "cli")
            .whereLayer("pipeline").mayOnlyBeAccessedByLayers("plugin", "cli", "imagej", "zarr", "cluster")
            .whereLayer("model").mayOnlyBeAccessedByLayers("plugin", "cli", "imagej", "pipeline", "zarr", "cluster").check(SUMI);
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
        noClasses().that().resideInAnyPackage("..schedule..", "..model..", "..pipeline..", "..sumi.zarr..", "..sumi.cluster..")
            .should().dependOnClassesThat().resideInAnyPackage("ij..", "org.scijava..").check(SUMI);
    }

    @Test
    void noContextOnTheCommandLine() {
        noClasses().that().resideInAPackage("..cli..")
            .should().dependOnClassesThat().resideInAPackage("org.scijava..").check(SUMI);
    }

    /** A model is a folder, a .zip or in the jar; no use of Sumi waits for a server. */
    @Test
    @DisplayName("Pain 7: the first use breaks on a download")
    void nothingIsDownloaded() {
        noClasses().should().dependOnClassesThat().resideInAPackage("java.net.http..")
            .orShould().dependOnClassesThat().areAssignableTo(URLConnection.class)
            .orShould().dependOnClassesThat().areAssignableTo(Socket.class)
            .orShould().callMethodWhere(isOf(URL.class, "openStream", "openConnection", "getContent")).check(SUMI);
    }

    /** The Recorder would take the inner command for the one to write down. */
    @Test
    @DisplayName("Pain 20: a command is not recorded, since it runs others inside")
    void commandsRunNoOthers() {
        noClasses().that().resideOutsideOfPackage("..cli..").should()
            .callMethodWhere(isOf(IJ.class, "run", "runPlugIn", "runMacro", "runMacroFile", "doCommand")).check(SUMI);
    }

    /** Progress is SciJava's, faults are reasons of a cancelled command; only the bridge and the reports have windows. */
    @Test
    @DisplayName("Pains 18, 23: windows that nobody wants, and that fail where there is no screen")
    void workOpensNoWindow() {
        noClasses().that().resideOutsideOfPackage("..bridge..").and().doNotHaveFullyQualifiedName("io.github.sumi.imagej.Report").should()
            .callConstructorWhere(JavaCall.Predicates.target(owner(assignableTo(Window.class))))
            .orShould().callMethodWhere(isOf(IJ.class, "error", "showMessage", "showMessageWithCancel", "showProgress", "getNumber", "getString"))
            .orShould().dependOnClassesThat().resideInAPackage("javax.swing..").check(SUMI);
    }

    private static DescribedPredicate<JavaCall<?>> isOf(Class<?> type, String... names) {
        return JavaCall.Predicates.target(owner(assignableTo(type))).and(JavaCall.Predicates.target(
                DescribedPredicate.describe("is " + String.join(" or ", names), target -> List.of(names).contains(target.getName()))));
    }
}
