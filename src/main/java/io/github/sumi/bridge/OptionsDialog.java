// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.bridge;

import ij.WindowManager;
import ij.gui.GenericDialog;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.Color;
import java.awt.Label;
import java.awt.TextField;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Vector;
import java.util.function.Function;

/** Asks for a command's options in ImageJ's own dialog. */
final class OptionsDialog {

    private static final int COLUMNS = 12;

    private final String title;
    private final List<Option> options;
    private final Function<Map<String, String>, Optional<String>> check;

    /** @param check called with all texts after each change; what is wrong with them, which is shown and disables OK */
    OptionsDialog(String title, List<Option> options, Function<Map<String, String>, Optional<String>> check) {
        this.title = title;
        this.options = options;
        this.check = check;
    }

    /**
     * Shows the dialog and waits.
     *
     * @param texts what the fields start with, by key
     * @return what they hold at OK, by key; nothing if cancelled
     */
    Optional<Map<String, String>> ask(Map<String, String> texts) {
        GenericDialog dialog = new GenericDialog(title);
        for (Option option : options) {
            add(dialog, option, texts.getOrDefault(option.key(), ""));
        }
        dialog.addMessage(" ");
        Label problem = (Label) dialog.getMessage();
        problem.setForeground(Color.RED.darker());
        dialog.addDialogListener((changed, event) -> event == null || say(dialog, problem, check.apply(read(dialog))));
        dialog.showDialog();
        return dialog.wasOKed() ? Optional.of(read(dialog)) : Optional.empty();
    }

    /** Whether there is nothing to say. */
    private static boolean say(GenericDialog dialog, Label label, Optional<String> problem) {
        label.setText(problem.orElse(" "));
        if (label.getPreferredSize().width > label.getWidth()) {
            dialog.pack();
        }
        return problem.isEmpty();
    }

    private static void add(GenericDialog dialog, Option option, String text) {
        switch (option.kind()) {
            case MESSAGE -> dialog.addMessage(option.label());
            case CHECKBOX -> dialog.addCheckbox(option.label(), Boolean.parseBoolean(text));
            case CHOICE -> dialog.addChoice(option.label(), offered(option.choices(), option, text), text);
            case IMAGE -> dialog.addChoice(option.label(), offered(List.of(WindowManager.getImageTitles()), option, text), text);
            case FILE -> dialog.addFileField(option.label(), text);
            case FOLDER -> dialog.addDirectoryField(option.label(), text);
            case TEXT -> dialog.addStringField(option.label(), text, Math.max(COLUMNS, Math.min(text.length(), 4 * COLUMNS)));
        }
    }

    /** With the command's own value, should its choices not name it; an empty one only where that is allowed. */
    private static String[] offered(List<String> choices, Option option, String text) {
        List<String> offered = new ArrayList<>(choices);
        if (!offered.contains(text) && !(text.isEmpty() && option.required())) {
            offered.add(0, text);
        }
        return offered.toArray(String[]::new);
    }

    /** From the fields themselves: getNextString and its kin would record label words as keys, and swallow wrong numbers. */
    private Map<String, String> read(GenericDialog dialog) {
        Iterator<?> fields = iterator(dialog.getStringFields());
        Iterator<?> boxes = iterator(dialog.getCheckboxes());
        Iterator<?> choices = iterator(dialog.getChoices());
        Map<String, String> texts = new LinkedHashMap<>();
        for (Option option : options) {
            switch (option.kind()) {
                case MESSAGE -> { }
                case CHECKBOX -> texts.put(option.key(), String.valueOf(((Checkbox) boxes.next()).getState()));
                case CHOICE, IMAGE -> texts.put(option.key(), Objects.toString(((Choice) choices.next()).getSelectedItem(), ""));
                case FILE, FOLDER, TEXT -> texts.put(option.key(), ((TextField) fields.next()).getText());
            }
        }
        return texts;
    }

    private static Iterator<?> iterator(Vector<?> components) {
        return components == null ? List.of().iterator() : components.iterator();
    }
}
