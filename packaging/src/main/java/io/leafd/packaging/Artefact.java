package io.leafd.packaging;

import io.leafd.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One artefact that Maven resolved for leafd. Immutable.
 *
 * @param classifier empty for the main artefact
 * @param needs      the artefacts below it in Maven's tree, which shows each artefact once
 */
record Artefact(String group, String name, String version, String classifier, List<Artefact> needs) {
    /**
     * Reads the tree that the goal {@code dependency:tree} writes as JSON.
     *
     * @return the root: the module that makes the package
     */
    static Artefact readTree(Path file) throws IOException {
        return of(Json.parseObject(Files.readAllBytes(file)));
    }

    private static Artefact of(Map<?, ?> node) {
        List<Artefact> needs = new ArrayList<>();
        if (node.get("children") instanceof List<?> children) {
            for (Object child : children) {
                if (child instanceof Map<?, ?> tree) {
                    needs.add(of(tree));
                }
            }
        }
        needs.sort(Comparator.comparing(Artefact::file));
        return new Artefact(
                text(node.get("groupId")),
                text(node.get("artifactId")),
                text(node.get("version")),
                text(node.get("classifier")),
                List.copyOf(needs));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** All below this one, each once, in the order of their files. */
    List<Artefact> all() {
        Map<String, Artefact> all = new LinkedHashMap<>();
        collect(all);
        return all.values().stream()
                .sorted(Comparator.comparing(Artefact::file))
                .toList();
    }

    private void collect(Map<String, Artefact> all) {
        for (Artefact need : needs) {
            if (all.putIfAbsent(need.file(), need) == null) {
                need.collect(all);
            }
        }
    }

    /** Name of its file, for example {@code picocli-4.7.7.jar}. */
    String file() {
        return name + "-" + version + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar";
    }

    /** Its package URL. */
    String url() {
        String suffix = classifier.isEmpty() ? "?type=jar" : "?classifier=" + classifier + "&type=jar";
        return "pkg:maven/" + group + "/" + name + "@" + version + suffix;
    }
}
