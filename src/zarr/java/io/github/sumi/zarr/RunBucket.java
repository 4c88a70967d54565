// SPDX-License-Identifier: BSD-2-Clause
package io.github.sumi.zarr;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A result that is made at its place, since objects can't be moved: until the metadata of its group are written, last, no program takes it
 * for an image. What is known of the run lies at OUT.part.
 *
 * @param place address of OUT.part
 * @param part what is there
 * @param targets the results, by name
 */
record RunBucket(String place, ObjectStore part, ZarrStore state, RunSpec spec, Map<String, ObjectStore> targets) implements RunStorage {

    private static final String STATE = "/state";
    /** Key of the state that says that what was at the results' places is gone. */
    private static final String CLEARED = "cleared";

    static RunBucket open(Map<String, String> targets, RunSpec spec, boolean overwrite) throws IOException {
        Map<String, ObjectStore> results = new LinkedHashMap<>();
        for (Map.Entry<String, String> target : targets.entrySet()) {
            results.put(target.getKey(), Places.objects(Places.normal(target.getValue())));
        }
        String place = Places.normal(targets.get(Work.IMAGE)) + RunFolder.PART;
        ObjectStore part = Places.objects(place);
        byte[] found = part.read(RunFolder.SPEC);
        RunSpec before = found == null ? null : RunSpec.parse(place + "/" + RunFolder.SPEC, text(found), overwrite);
        if (before != null && before.sameResult(spec)) {
            return cleared(new RunBucket(place, part, Places.objects(place + STATE), before, results));
        }
        if (found != null && !overwrite) {
            throw RunFolder.unfinished(place);
        }
        if (found == null) {
            for (Map.Entry<String, ObjectStore> result : results.entrySet()) {
                RunFolder.checkReplaced(targets.get(result.getKey()), !result.getValue().isEmpty(), result.getValue(), overwrite);
            }
        }
        part.clear();
        part.write(RunFolder.SPEC, spec.json().getBytes(StandardCharsets.UTF_8));
        return cleared(new RunBucket(place, part, Places.objects(place + STATE), spec, results));
    }

    private static RunBucket cleared(RunBucket run) throws IOException {
        if (!run.state.exists(CLEARED)) {
            for (ObjectStore target : run.targets.values()) {
                target.clear();
            }
            run.state.write(CLEARED, new byte[0]);
        }
        return run;
    }

    static RunBucket at(String place) throws IOException {
        ObjectStore part = Places.objects(place);
        byte[] found = part.read(RunFolder.SPEC);
        if (found == null) {
            throw new ZarrException(place + " is gone; run the same command again.");
        }
        RunSpec spec = RunSpec.parse(place, text(found), false);
        String out = place.substring(0, place.length() - RunFolder.PART.length());
        Map<String, ObjectStore> results = new HashMap<>();
        for (String name : Work.names(spec)) {
            results.put(name, Places.objects(Work.target(out, name)));
        }
        return new RunBucket(place, part, Places.objects(place + STATE), spec, results);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public Map<String, ZarrStore> results() {
        return Map.copyOf(targets);
    }

    @Override
    public boolean finished() {
        return false;
    }

    @Override
    public void finish() throws IOException {
        // first, or a run that lost half of its state would begin anew
        part.delete(RunFolder.SPEC);
        part.clear();
    }
}
