// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.plugin;

import io.github.sumi.imagej.About;
import org.scijava.command.Command;
import org.scijava.plugin.Menu;
import org.scijava.plugin.Plugin;

/** Plugins &gt; Sumi &gt; DDPM About... */
@Plugin(type = Command.class, headless = true, menu = {@Menu(label = "Plugins"), @Menu(label = "Sumi"), @Menu(label = "DDPM About...")})
public final class DdpmAbout extends SumiCommand {

    @Override
    void execute() {
        report("About Sumi", About.lines(library()));
    }
}
