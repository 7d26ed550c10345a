package io.leafd.app;

import io.leafd.app.cli.Cli;
import io.leafd.app.run.RunCommand;
import java.util.Arrays;

/** The program. {@code run} is dispatched before the command line library is loaded, which a starting box never needs. */
public final class Main {
    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        boolean run = args.length > 0 && args[0].equals("run");
        System.exit(run ? RunCommand.run(Arrays.copyOfRange(args, 1, args.length)) : Cli.run(args));
    }
}
