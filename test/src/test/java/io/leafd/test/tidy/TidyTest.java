package io.leafd.test.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import io.leafd.test.peer.TestDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How large things may grow before they must be cut, and a few habits that a compiler does not know. The numbers are limits, not aims:
 * most files are a third of them.
 */
class TidyTest {

    private static final int FILE_LINES_MAX = 700;
    private static final int METHOD_LINES_MAX = 70;
    private static final int PARAMETERS_MAX = 7;
    private static final int FIELDS_MAX = 25;

    private static final Pattern EMPTY_NAME = Pattern.compile(".*(Util|Utils|Helper|Helpers|Manager|Impl|Common|Base)");
    private static final Pattern EMPTY_PACKAGE = Pattern.compile("(util|utils|common|impl|helper|helpers|manager)");
    private static final Pattern OPEN_WORK = Pattern.compile("\\b(TODO|FIXME|XXX)\\b(?!\\(#\\d+\\))");
    private static final Path ROOT = TestDirectory.target().resolve("../..").normalize();

    @Test
    void filesMethodsAndClassesStaySmall() {
        List<String> tooLarge = new ArrayList<>();
        for (Path source : sources("")) {
            long lines = lines(source);
            if (lines > FILE_LINES_MAX) {
                tooLarge.add("%s has %d lines".formatted(shown(source), lines));
            }
        }
        parse(sources("main"), new Sizes(tooLarge));
        parse(sources("test"), new Sizes(tooLarge));
        assertThat(tooLarge).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        List<String> silent = sources("main").stream()
                .map(Path::getParent)
                .distinct()
                .filter(directory -> directory != null && !Files.exists(directory.resolve("package-info.java")))
                .map(TidyTest::shown)
                .toList();
        assertThat(silent).isEmpty();
    }

    @Test
    void namesSaySomething() {
        List<String> empty = sources("").stream()
                .filter(source -> EMPTY_NAME.matcher(type(source)).matches()
                        || Stream.of(shown(source).split("/"))
                                .anyMatch(part -> EMPTY_PACKAGE.matcher(part).matches()))
                .map(TidyTest::shown)
                .toList();
        assertThat(empty).isEmpty();
    }

    @Test
    void openWorkHasANumber() {
        List<String> open = new ArrayList<>();
        for (Path source : sources("")) {
            if (!type(source).equals("TidyTest")
                    && OPEN_WORK.matcher(text(source)).find()) {
                open.add(shown(source));
            }
        }
        assertThat(open).isEmpty();
    }

    @Test
    void publicTypesAreDocumented() {
        List<String> undocumented = new ArrayList<>();
        parse(sources("main"), new Documented(undocumented));
        assertThat(undocumented).isEmpty();
    }

    @Test
    void nobodyLocks() {
        List<String> locks = new ArrayList<>();
        List<Path> owned = sources("main").stream()
                .filter(source -> Stream.of("broker", "store", "jetstream", "link", "protocol")
                        .anyMatch(module -> shown(source).contains("/io/leafd/" + module + "/")))
                .toList();
        parse(owned, new Locks(locks));
        assertThat(locks).isEmpty();
    }

    private static List<Path> sources(String kind) {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file ->
                            shown(file).contains("src/" + kind) && !shown(file).contains("target/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void parse(List<Path> sources, Scan scan) {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            for (CompilationUnitTree unit : task.parse()) {
                scan.start(unit, Trees.instance(task));
                scan.scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(Path path) {
        return ROOT.relativize(path).toString();
    }

    private static String type(Path source) {
        return String.valueOf(source.getFileName()).replace(".java", "");
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Path source) {
        return text(source).lines().count();
    }

    /** Looks at one source after the other and notes what breaks a rule. */
    private abstract static class Scan extends TreeScanner<@Nullable Void, @Nullable Void> {

        private final List<String> findings;
        private @Nullable CompilationUnitTree unit;
        private @Nullable Trees trees;

        Scan(List<String> findings) {
            this.findings = findings;
        }

        void start(CompilationUnitTree started, Trees ofTask) {
            unit = started;
            trees = ofTask;
        }

        final CompilationUnitTree unit() {
            return Objects.requireNonNull(unit);
        }

        final Trees trees() {
            return Objects.requireNonNull(trees);
        }

        final void found(Tree at, String what) {
            long line = unit().getLineMap()
                    .getLineNumber(trees().getSourcePositions().getStartPosition(unit(), at));
            findings.add(
                    "%s:%d %s".formatted(shown(Path.of(unit().getSourceFile().toUri())), line, what));
        }
    }

    private static final class Sizes extends Scan {

        private Tree.Kind enclosing = Tree.Kind.CLASS;

        Sizes(List<String> findings) {
            super(findings);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            BlockTree body = method.getBody();
            if (body != null) {
                SourcePositions positions = trees().getSourcePositions();
                long lines = unit().getLineMap().getLineNumber(positions.getEndPosition(unit(), body))
                        - unit().getLineMap().getLineNumber(positions.getStartPosition(unit(), body))
                        + 1;
                if (lines > METHOD_LINES_MAX) {
                    found(method, "%s has %d lines".formatted(method.getName(), lines));
                }
            }
            boolean ofComponents =
                    enclosing == Tree.Kind.RECORD && method.getName().contentEquals("<init>");
            if (!ofComponents && method.getParameters().size() > PARAMETERS_MAX) {
                found(
                        method,
                        "%s takes %d parameters"
                                .formatted(
                                        method.getName(), method.getParameters().size()));
            }
            return super.visitMethod(method, null);
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            long fields = type.getKind() == Tree.Kind.RECORD
                    ? 0
                    : type.getMembers().stream()
                            .filter(member -> member instanceof VariableTree field
                                    && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                            .count();
            if (fields > FIELDS_MAX) {
                found(type, "%s has %d fields".formatted(type.getSimpleName(), fields));
            }
            Tree.Kind outer = enclosing;
            enclosing = type.getKind();
            super.visitClass(type, null);
            enclosing = outer;
            return null;
        }
    }

    private static final class Documented extends Scan {

        Documented(List<String> findings) {
            super(findings);
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            if (type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                    && trees().getDocComment(trees().getPath(unit(), type)) == null) {
                found(type, type.getSimpleName() + " has no javadoc");
            }
            return null; // nested types are seen with the type they belong to
        }
    }

    private static final class Locks extends Scan {

        Locks(List<String> findings) {
            super(findings);
        }

        @Override
        public @Nullable Void visitSynchronized(SynchronizedTree block, @Nullable Void nothing) {
            found(block, "holds a lock; state has one owner");
            return super.visitSynchronized(block, null);
        }
    }
}
